#pragma once
#include <sys/select.h>
#include <sys/socket.h>
#include <microhttpd.h>

#pragma once
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <unistd.h>

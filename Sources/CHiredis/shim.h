#pragma once
#include <sys/select.h>
#include <stdlib.h>
#include <hiredis/hiredis.h>
#include <hiredis/async.h>
#include <event2/event.h>

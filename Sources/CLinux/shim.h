#pragma once
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <unistd.h>

// prctl is variadic, which Swift does not import. The kernel keeps 15 bytes of the name.
static inline void linux_name_this_thread(const char *name) {
    prctl(PR_SET_NAME, (unsigned long)name, 0UL, 0UL, 0UL);
}

// On Linux the niceness belongs to the thread, and raising it needs no right.
static inline void linux_make_this_thread_nicer(int niceness) {
    setpriority(PRIO_PROCESS, 0, niceness);
}

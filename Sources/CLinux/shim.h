#pragma once
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <stdint.h>
#include <unistd.h>

// prctl is variadic, which Swift does not import. The kernel keeps 15 bytes of the name.
static inline void linux_name_this_thread(const char *name) {
    prctl(PR_SET_NAME, (unsigned long)name, 0UL, 0UL, 0UL);
}

// On Linux the niceness belongs to the thread, and raising it needs no right. From 6.12 on a thread may also ask for
// short slices: it gets the same share of the cores, but soon gives one up to whoever wakes. Older kernels pass over it.
static inline void linux_make_this_thread_nicer(int niceness) {
    struct {
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t priority;
        uint64_t slice_nanoseconds, deadline, period;
    } attributes = { .size = sizeof(attributes), .nice = niceness, .slice_nanoseconds = 100000 };
    if (syscall(SYS_sched_setattr, 0, &attributes, 0) != 0) setpriority(PRIO_PROCESS, 0, niceness);
}

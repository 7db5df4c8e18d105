internal import Glibc

/// A value behind a POSIX mutex with a condition variable, for threads that sleep until there is work.
///
/// `@unchecked Sendable`: `value` is reached only through `withLock` and `wait`, which hold the mutex; the two
/// pointers are written in `init` and freed in `deinit`, when no other reference exists.
package final class Monitor<Value>: @unchecked Sendable {
    private var value: Value
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    /// Guards a value.
    package init(_ value: sending Value) {
        self.value = value
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Runs a short body with the value; it must not wait for anything.
    package func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body(&value)
    }

    /// Sleeps until the body returns a result; it is tried at once and after each signal.
    func wait<Result>(for body: (inout Value) -> Result?) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let result = body(&value) { return result }
            pthread_cond_wait(condition, mutex)
        }
    }

    /// Wakes one sleeper; costs no system call when nobody sleeps.
    func signal() {
        pthread_cond_signal(condition)
    }

    /// Wakes all sleepers.
    func broadcast() {
        pthread_cond_broadcast(condition)
    }
}

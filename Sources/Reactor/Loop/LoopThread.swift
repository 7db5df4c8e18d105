internal import Glibc

/// The thread-local pointer to the loop whose thread this is.
enum LoopThread {
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key, nil)
        return key
    }()

    /// Unretained: set by the loop's thread, which holds its loop for as long as it runs.
    static var pointer: UnsafeRawPointer? {
        get { UnsafeRawPointer(pthread_getspecific(key)) }
        set { pthread_setspecific(key, newValue) }
    }
}

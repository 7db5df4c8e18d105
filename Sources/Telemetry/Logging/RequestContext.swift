/// What the code that serves a request may know of it without being told.
package enum RequestContext {
    /// The id of the request being served (`X-Request-Id`); nil outside of one. Every log line carries it.
    @TaskLocal package static var id: String?
}

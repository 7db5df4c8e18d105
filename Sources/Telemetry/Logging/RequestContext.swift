/// What the code that serves a request may know of it without being told.
package enum RequestContext {
    /// The id of the request being served (`X-Request-Id`), in every log line; nil outside of one.
    @TaskLocal package static var id: String?
}

import AuthDomain
import AuthService
import Testing

@testable import MailHooks

@Suite("What mail systems report (mail-hooks.md, section 6)")
struct ActivityParserTests {
    @Test("Dovecot's events as captured: login, delivery, submission")
    func captured() throws {
        let login = """
            {"event":"auth_request_finished","hostname":"vm","start_time":"2026-11-23T21:21:45.654600Z",\
            "end_time":"2026-11-23T21:21:45.661183Z","categories":["service:auth","auth"],"fields":{"duration":6583,\
            "success":"yes","mechanism":"PLAIN","service":"imap","session":"abc","remote_ip":"127.0.0.1",\
            "original_user":"alice","user":"alice"}}
            """
        let report = try #require(try DovecotEvent.report(Array(login.utf8)))
        #expect(report.login == "alice" && report.kind == .login && report.count == 1)
        #expect(report.time == RFC3339.parse("2026-11-23T21:21:45.661183Z") && report.time != nil)
        let delivery = """
            {"event":"mail_delivery_finished","end_time":"2026-11-23T21:21:45.6Z","fields":{"protocol":"lmtp",\
            "mail_from":"ext@example.org","rcpt_to":"alice@local.test","user":"alice@local.test",\
            "message_id":"<m1@x>","message_subject":"bí mật","message_size":212}}
            """
        let received = try #require(try DovecotEvent.report(Array(delivery.utf8)))
        #expect(received.login == "alice@local.test" && received.kind == .receive)
        let submission = """
            {"event":"smtp_server_transaction_finished","end_time":"2026-11-23T21:21:45Z","fields":{\
            "recipients_succeeded":2,"status_code":250,"mail_from":"a@b.c","mail_param_auth":"alice"}}
            """
        let sent = try #require(try DovecotEvent.report(Array(submission.utf8)))
        #expect(sent.login == "alice" && sent.kind == .send)
    }

    @Test(
        "Failures, mail that reached nobody and events of other kinds tell of no activity",
        arguments: [
            #"{"event":"auth_request_finished","fields":{"success":"no","user":"a"}}"#,
            #"{"event":"auth_request_finished","fields":{"success":"yes"}}"#,
            #"{"event":"mail_delivery_finished","fields":{"user":"a","error":"quota"}}"#,
            #"{"event":"smtp_server_transaction_finished","fields":{"recipients_succeeded":0,"mail_from":"a"}}"#,
            #"{"event":"mail_user_session_finished","fields":{"user":"a"}}"#,
        ])
    func silent(_ text: String) throws {
        #expect(try DovecotEvent.report(Array(text.utf8)) == nil)
    }

    @Test(
        "Rubbish is refused",
        arguments: [
            "", "null", "[]", "{", #"{"event":7,"fields":{}}"#, #"{"event":"x"}"#, #"{"event":"x","fields":[]}"#,
            #"{"event":"x","event":"y","fields":{}}"#, #"{"event":"x","fields":{"a":{"b":{"c":{}}}}}"#, "\u{0}",
        ])
    func rubbishEvents(_ text: String) {
        #expect(throws: DovecotEvent.Malformed.self) { try DovecotEvent.report(Array(text.utf8)) }
    }

    @Test("A batch reads with all its fields")
    func batch() throws {
        let text = """
            {"events":[{"account":"an","kind":"send","at":"2026-11-23T08:00:00Z","count":3},\
            {"account":"binh@hanoi.gov.vn","kind":"login"}]}
            """
        let reports = try ActivityBatch.reports(Array(text.utf8))
        #expect(reports.map(\.login) == ["an", "binh@hanoi.gov.vn"] && reports.map(\.kind) == [.send, .login])
        #expect(reports.map(\.count) == [3, 1] && reports[0].time == WallInstant(seconds: 1_795_420_800))
    }

    @Test(
        "A batch that cannot be meant is refused with its place, and with nothing of what was sent",
        arguments: [
            ("", "body"), ("[]", "body"), ("{}", "events"), (#"{"events":[]}"#, "events"),
            (#"{"events":[{"account":"a","kind":"login"}],"x":1}"#, "events"), (#"{"events":[1]}"#, "events[0]"),
            (#"{"events":[{"kind":"login"}]}"#, "events[0].account"),
            (#"{"events":[{"account":"a"}]}"#, "events[0].kind"),
            (#"{"events":[{"account":"a","kind":"eat"}]}"#, "events[0].kind"),
            (#"{"events":[{"account":"a","kind":"login","at":"yesterday"}]}"#, "events[0].at"),
            (#"{"events":[{"account":"a","kind":"login","count":0}]}"#, "events[0].count"),
            (#"{"events":[{"account":"a","kind":"login","count":1e9}]}"#, "events[0].count"),
            (#"{"events":[{"account":"a","kind":"login","\r\nX: y":1}]}"#, "events[0].?"),
            (#"{"events":[{"account":"a","kind":"login","subject":"x"}]}"#, "events[0].subject"),
        ])
    func rubbishBatches(_ text: String, _ field: String) {
        let refusal = #expect(throws: ActivityBatch.Refusal.self) { try ActivityBatch.reports(Array(text.utf8)) }
        #expect(refusal?.field == field)
    }

    @Test("A batch of one event too many is refused")
    func tooMany() {
        let event = #"{"account":"a","kind":"login"}"#
        let text = #"{"events":["# + Array(repeating: event, count: 501).joined(separator: ",") + "]}"
        let refusal = #expect(throws: ActivityBatch.Refusal.self) { try ActivityBatch.reports(Array(text.utf8)) }
        #expect(refusal?.field == "events")
    }
}

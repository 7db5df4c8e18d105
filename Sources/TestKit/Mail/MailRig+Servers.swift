internal import Foundation

/// The servers' files, made from those in `deploy/`.
extension MailRig {
    /// The user that owns the mail; every Debian system has it.
    private static let mailUser = "mail"

    func prepareDovecot(_ target: Target) throws {
        try makeFolder("mail", owner: Self.mailUser)
        try makeFolder("dovecot", owner: "root")
        try writeSecret(target.key + "\n", to: "otpd.key", group: "dovecot")
        try folder.write("doveadm_api_key = \(Self.doveadmKey)\n", to: "doveadm.key.conf")
        let script = try Self.deployed(
            "dovecot/otpd.lua",
            [
                ("http://127.0.0.1:8080", "http://127.0.0.1:\(target.service)"),
                ("/etc/dovecot/otpd.key", folder.path("otpd.key")),
            ])
        try folder.write(script, to: "otpd.lua")
        let main = try Self.deployed(
            "dovecot/otpd.conf",
            [
                ("/etc/dovecot/", folder.url.path + "/"),
                ("/var/spool/postfix/private/auth", folder.path("dovecot/sasl")),
                ("/var/spool/postfix/private/dovecot-lmtp", folder.path("dovecot/lmtp-postfix")),
                ("uid=vmail gid=vmail home=/srv/vmail", "uid=mail gid=mail home=\(folder.path("mail"))"),
                ("submission_relay_port = 10587", "submission_relay_port = \(ports.relay)"),
                ("port = 11080", "port = \(ports.doveadm)"), ("127.0.0.1:8080", "127.0.0.1:\(target.service)"),
                ("CLIENT_KEY", target.key),
            ])
        try folder.write(main, to: "otpd.conf")
        let behind = try Self.deployed(
            "dovecot/behind-nginx.conf",
            [
                ("BACKEND_PASSWORD", Self.backendPassword), ("port = 11143", "port = \(ports.imapBehind)"),
                ("port = 11110", "port = \(ports.pop3Behind)"),
            ])
        try folder.write(behind, to: "behind-nginx.conf")
        try folder.write(dovecotSite, to: "dovecot.conf")
    }

    /// What a site's own dovecot.conf would say.
    private var dovecotSite: String {
        """
        !include \(folder.path("behind-nginx.conf"))
        !include \(folder.path("otpd.conf"))
        base_dir = \(folder.path("dovecot/run"))
        state_dir = \(folder.path("dovecot/state"))
        instance_name = rig
        log_path = \(folder.path("dovecot.log"))
        auth_verbose = yes
        first_valid_uid = 1
        ssl = no
        disable_plaintext_auth = no
        listen = 127.0.0.1
        auth_failure_delay = 1 secs
        service imap-login {
          inet_listener imap {
            port = \(ports.imap)
          }
          inet_listener imaps {
            port = 0
          }
        }
        service pop3-login {
          inet_listener pop3 {
            port = \(ports.pop3)
          }
          inet_listener pop3s {
            port = 0
          }
        }
        service submission-login {
          inet_listener submission {
            port = \(ports.submission)
          }
        }
        service managesieve-login {
          inet_listener sieve {
            port = \(ports.sieve)
          }
        }

        """
    }

    func preparePostfix(_ target: Target) throws {
        try makeFolder("postfix", owner: "root")
        try makeFolder("spool", owner: "root")
        try makeFolder("postfix-data", owner: "postfix")
        let main = try Self.deployed(
            "postfix/main.cf",
            [
                ("hash:/etc/postfix/mailboxes", "static:1"),
                ("private/auth", folder.path("dovecot/sasl")),
                ("unix:private/dovecot-lmtp", "unix:\(folder.path("dovecot/lmtp-postfix"))"),
                ("smtpd_tls_cert_file = /etc/postfix/tls/mail.crt\n", ""),
                ("smtpd_tls_key_file = /etc/postfix/tls/mail.key\n", ""),
                ("smtpd_tls_security_level = may", "smtpd_tls_security_level = none"),
                ("smtpd_tls_auth_only = yes", "smtpd_tls_auth_only = no"),
            ])
        try folder.write(main + postfixSite, to: "postfix/main.cf")
        let services = try Self.deployed(
            "postfix/master.cf",
            [
                (" n - y - - smtpd", " n - n - - smtpd"),
                ("\nsubmission inet", "\n127.0.0.1:\(ports.postfixSubmission) inet"),
                ("127.0.0.1:10587", "127.0.0.1:\(ports.relay)"), ("127.0.0.1:8090", "127.0.0.1:\(target.policy)"),
                ("smtpd_tls_security_level=encrypt", "smtpd_tls_security_level=none"),
            ])
        try folder.write(postfixServices + services, to: "postfix/master.cf")
    }

    /// What a site's own main.cf would say.
    private var postfixSite: String {
        """

        compatibility_level = 3.6
        queue_directory = \(folder.path("spool"))
        data_directory = \(folder.path("postfix-data"))
        command_directory = /usr/sbin
        daemon_directory = /usr/lib/postfix/sbin
        mail_owner = postfix
        setgid_group = postdrop
        myhostname = mx.hanoi.gov.vn
        mydestination =
        mynetworks = 127.0.0.1/32
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        maillog_file = \(folder.path("postfix.log"))
        maillog_file_prefixes = /tmp, /var
        alias_maps =
        smtpd_error_sleep_time = 0

        """
    }

    private var postfixServices: String {
        """
        127.0.0.1:\(ports.mx) inet n - n - - smtpd
        pickup unix n - n 60 1 pickup
        cleanup unix n - n - 0 cleanup
        qmgr unix n - n 300 1 qmgr
        rewrite unix - - n - - trivial-rewrite
        bounce unix - - n - 0 bounce
        defer unix - - n - 0 bounce
        trace unix - - n - 0 bounce
        verify unix - - n - 1 verify
        flush unix n - n 1000? 0 flush
        proxymap unix - - n - - proxymap
        error unix - - n - - error
        retry unix - - n - - error
        lmtp unix - - n - - lmtp
        anvil unix - - n - 1 anvil
        scache unix - - n - 1 scache
        postlog unix-dgram n - n - 1 postlogd

        """
    }

    func prepareNginx(_ target: Target) throws {
        let proxy = try Self.deployed(
            "nginx-mail/otpd-mail.conf",
            [
                ("127.0.0.1:8080", "127.0.0.1:\(target.service)"), ("CLIENT_KEY", target.key),
                ("listen 993 ssl", "listen 127.0.0.1:\(ports.nginxIMAP)"),
                ("listen 995 ssl", "listen 127.0.0.1:\(ports.nginxPOP3)"),
                ("listen 465 ssl", "listen 127.0.0.1:\(ports.nginxSMTP)"),
            ]
        ).split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.contains("ssl_") }.joined(separator: "\n")
        let site = """
            load_module /usr/lib/nginx/modules/ngx_mail_module.so;
            daemon off;
            master_process off;
            pid \(folder.path("nginx.pid"));
            error_log \(folder.path("nginx.log")) info;
            events { worker_connections 256; }

            """
        try folder.write(site + proxy, to: "nginx.conf")
    }
}

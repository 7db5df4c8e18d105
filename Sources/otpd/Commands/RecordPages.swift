/// The commands about the record, the keys and copies of the database, as the table has them.
enum RecordPages {
    static let commands = [
        Command(
            "audit verify", "check the audit chains; names every row that was changed, removed, moved or cut off",
            options: [.config, .json(.lines, "each finding, then a summary")], output: .lines,
            notes: "Works beside a running service. Run it daily and keep its result elsewhere.",
            exits: "0 clean, 1 findings", example: "otpd audit verify --config /etc/otpd/otpd.json",
            body: .words(AuditCommand.run)),
        Command(
            "audit export", "print audit rows in the order of time",
            options: [
                .config,
                .optional("account", "ACCOUNT", "only its rows: the address, or its id acc_… once it is destroyed"),
                .optional("since", "INSTANT", "only rows from this instant on, such as 2026-11-24T00:00:00+07:00"),
                .optional("until", "INSTANT", "only rows before this instant"),
                .json(.lines, "as without it"),
            ],
            output: .lines, exits: "0 done, 1 there is no such account",
            example: "otpd audit export --config /etc/otpd/otpd.json --since 2026-11-24T00:00:00+07:00",
            body: .words(AuditCommand.run)),
        Command(
            "audit purge", "remove rows older than audit.retention_days, as the service does each hour",
            options: [.config, .json(.object, "what was removed")], notes: "What stays still verifies.",
            exits: "0 done, 1 rows were changed and stay", example: "otpd audit purge --config /etc/otpd/otpd.json",
            body: .words(AuditCommand.run)),
        Command(
            "keys new", "print a fresh ring key for the settings' \"keys\"",
            options: [.json(.object, "the key and its id")], example: "otpd keys new > ring-2.key",
            body: .words(KeysCommand.run)),
        Command(
            "keys list", "tell what each ring key seals; a key that seals nothing can go",
            options: [.config, .json(.object, "keys with state and number of secrets")],
            exits: "0 done, 1 secrets need a key that is missing",
            example: "otpd keys list --config /etc/otpd/otpd.json", body: .words(KeysCommand.run)),
        Command(
            "keys rotate", "seal everything under the first ring key, while the service runs",
            options: [.config, .json(.object, "what was sealed anew")],
            notes: """
                Interrupted, it is simply run again. Put the new key before the old in "keys" and restart every instance
                first; take the old one out once "otpd keys list" says that it seals nothing.
                """,
            exits: "0 done, 1 secrets changed meanwhile or cannot be opened: run it again",
            example: "otpd keys rotate --config /etc/otpd/otpd.json", body: .words(KeysCommand.run)),
        Command(
            "backup", "copy the database consistently into a new folder, while the service runs",
            options: [
                .config, .required("out", "FOLDER", "made by the command; it must not exist"),
                .json(.object, "the manifest"),
            ],
            notes: "The ring keys are not in it: keep them elsewhere.", exits: "0 done, 1 the folder cannot be written",
            example: "otpd backup --config /etc/otpd/otpd.json --out /var/backups/otpd-20261124",
            body: .words { try await BackupCommand.run($0) }),
        Command(
            "restore", operand: "FOLDER", "check a backup from end to end and put it in place",
            options: [
                .config, .flag("check", "only check; nothing is put in place"),
                .json(.object, "whether it was restored, when it was taken, how much it holds"),
            ],
            notes: """
                Passwords, locks and used codes are then as they were when it was taken: lock what was locked since, and
                empty Redis, before the service is opened to people.
                """,
            exits: "0 good, 1 damaged, incomplete, without its keys, or a database is in the way",
            example: "otpd restore --config /etc/otpd/otpd.json --check /var/backups/otpd-20261124",
            body: .words { try await RestoreCommand.run($0) }),
    ]
}

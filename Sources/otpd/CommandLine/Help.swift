/// What `--help` prints.
enum Help {
    /// The page of a command, or the overview.
    static func text(for words: [String]) -> String {
        switch words.first {
        case "account": AccountCommand.help
        case "forms": FormsHelp.text
        case "outbox": outbox
        case "report": ReportCommand.help
        default: overview
        }
    }

    static let version = "0.1.0"

    static let overview = """
        otpd \(version) – one-time codes and password policy for the city's mailboxes

        Usage: otpd COMMAND [OPTIONS]

          serve --config FILE          run the service until SIGTERM
          check-config --config FILE   check the settings; exit 78 with every problem listed
          client add --config FILE --name NAME --scope SCOPE[,SCOPE]
                                       add a calling system; its key is printed this once; with
                                       --lock-causes CAUSE[,CAUSE] it may lock for these and do nothing else
          client list --config FILE    list calling systems, without keys
          client revoke --config FILE --name NAME
                                       end a key; running instances notice within a second
          account import --config FILE ACCOUNTS
                                       take over accounts with hashed passwords: Dovecot passwd-file, shadow, LDIF
          forms import --config FILE --form 01|02|03|04 FORM
                                       check a form of the regulation row by row; --apply carries it out
          audit verify --config FILE   check the audit chains; exit 1 naming each broken row
          audit export --config FILE [--account ADDRESS] [--since INSTANT] [--until INSTANT]
                                       print audit rows in the order of time, one JSON object to a line
          audit purge --config FILE    remove rows older than audit.retention_days, as the service does each hour
          holidays import --config FILE --file CSV
                                       replace the table of days off for the years in the file
          holidays list --config FILE  list the table
          maintenance announce --config FILE --from INSTANT --to INSTANT --message-vi TEXT [--message-en TEXT]
                                       announce a planned stop at least 3 days ahead; less only with --urgent
          maintenance list | cancel --config FILE [--id ID] [--json]
                                       stops that are ahead or under way; call one off
          outbox list | retry | drop --config FILE
                                       events for other systems; "otpd outbox --help" says more
          report organisation|review|inactive45|compliance --config FILE
                                       lists for organisations and reviews; clauses in force with today's figures
          keys new                     print a fresh ring key for the settings' "keys"
          keys list --config FILE [--json]
                                       tell what each ring key seals; a key that seals nothing can go
          keys rotate --config FILE [--json]
                                       seal everything under the first ring key, while the service runs
          backup --config FILE --out FOLDER [--json]
                                       copy the database consistently into a new folder, while the service runs
          restore --config FILE [--check] [--json] FOLDER
                                       check a backup from end to end; without --check, put it in place
          qr                           draw the key URI on standard input as a QR code
          version                      print the version

        Scopes: sign-in, otp, mail, operate, read.
        COMMAND --help explains the command where it has more to say: account, forms, report.
        Every setting can be overridden by OTPD_<SECTION>_<KEY>; deploy/otpd.example.json explains each.
        Exit codes: 0 done, 1 refused or broken, 64 usage, 65 unreadable data,
                    69 something needed is unavailable, 73 a file cannot be made, 78 settings.
        """

    static let outbox = """
        otpd outbox – events that wait for other systems, and those that were given up

          outbox list --config FILE    events and, for each target, how many wait
          outbox retry --config FILE   try given-up events again now; also takes a stopped target up again
          outbox drop --config FILE    forget given-up events; wants --target or --id

        Options:
          --target NAME                only events for one target of the settings
          --id ID                      only one event, msg_…
          --state pending|dead         list: only these; retry, drop: these instead of dead ones
          --limit N                    list: at most so many of each, 1 to 10000; default 100
          --json                       one JSON object to a line

        Events of one account reach a target in order; one that was given up lets the next go first, and comes late
        when it is retried: receivers tell by "sequence" that it is old. Running instances notice within a second.
        """
}

/// What `--help` prints.
enum Help {
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
          audit verify --config FILE   check the audit chains; exit 1 naming each broken row
          audit export --config FILE [--account ADDRESS] [--since INSTANT] [--until INSTANT]
                                       print audit rows in the order of time, one JSON object to a line
          audit purge --config FILE    remove rows older than audit.retention_days, as the service does each hour
          holidays import --config FILE --file CSV
                                       replace the table of days off for the years in the file
          holidays list --config FILE  list the table
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
        Every setting can be overridden by OTPD_<SECTION>_<KEY>; deploy/otpd.example.json explains each.
        Exit codes: 0 done, 1 refused or broken, 64 usage, 69 something needed is unavailable, 78 settings.
        """
}

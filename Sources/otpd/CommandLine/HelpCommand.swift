import JSONText

/// `otpd help` and `otpd version`.
enum HelpCommand {
    static let version = "0.1.0"

    static let commands = [
        Command(
            "help", operand: "[COMMAND]", operands: 2, "list the commands, or explain one",
            options: [.json(.object, "the commands with their options")], example: "otpd help",
            body: { arguments in
                guard arguments.has("json") else {
                    return Terminal.line(CommandTable.help(arguments.operands))
                }
                Terminal.row(table)
            }),
        Command(
            "version", "print the version", options: [.json(.object, "name and version")], example: "otpd version",
            body: { arguments in
                guard arguments.has("json") else { return Terminal.line("otpd \(version)") }
                Terminal.row(
                    JSONWriter.object { json in
                        json.field("name", "otpd")
                        json.field("version", version)
                    })
            }),
    ]

    private static var table: [UInt8] {
        JSONWriter.object { json in
            json.array("commands", CommandTable.all) { json, command in
                json.object { json in
                    json.field("name", command.name)
                    json.field("summary", command.summary)
                    json.field("json", command.output.rawValue)
                    json.array("options", command.options) { json, option in
                        json.object { json in
                            json.field("name", option.name)
                            json.optional("value", option.value)
                            json.field("required", option.isRequired)
                        }
                    }
                }
            }
        }
    }
}

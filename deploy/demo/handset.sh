#!/usr/bin/env bash
# The telephone of the demonstration: prints the text of the last message to a number, as its owner reads it.
#
#   handset.sh DATA_FOLDER NUMBER [SECONDS]     number as +84…; waits so long (10) for a message
set -euo pipefail
data=$1 number=$2 patience=${3:-10}

# What the fake carrier of Kannel got, or what the file gateway wrote where Kannel could not run.
last_message() {
    if [[ -s $data/kannel/handset.log ]]; then
        awk -v number="$number" '
            /: Got message [0-9]+: </ {
                line = $0; sub(/^.*: Got message [0-9]+: </, "", line); sub(/>$/, "", line)
                count = split(line, word, " ")
                if (count >= 4 && word[2] == number) {
                    text = line; sub(/^[^ ]+ [^ ]+ [^ ]+ /, "", text); ours = 1
                } else if (count >= 3 && word[2] ~ /^\+?[0-9]+$/ && word[3] ~ /^(text|ucs-2)$/) {
                    ours = 0
                } else if (ours) {
                    text = text "\n" line
                }
            }
            END { if (text != "") print text }' "$data/kannel/handset.log"
    fi
    if [[ -s $data/sms.jsonl ]]; then
        jq -rs --arg number "$number" '[.[] | select(.to == $number)] | last | .text // empty' "$data/sms.jsonl"
    fi
}

for ((tries = 0; tries < patience * 10; tries++)); do
    text=$(last_message)
    if [[ -n $text ]]; then
        printf '%s\n' "$text"
        exit 0
    fi
    sleep 0.1
done
echo "handset: no message for $number within $patience s" >&2
exit 1

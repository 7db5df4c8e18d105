# Sourced after processes.sh: a private Kannel with a trial carrier and handset, all on loopback, under FOLDER/kannel.
#
# Nothing here is fit for people: the handset prints what it gets, codes included, into FOLDER/kannel/handset.log.

# free_port: one that nobody listens on just now.
free_port() {
    local port tries
    for ((tries = 0; tries < 50; tries++)); do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 20000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            echo "$port"
            return 0
        fi
    done
    return 1
}

# kannel_settings FOLDER: writes kannel.conf with ports and passwords of its own, and the gateway for otpd beside it.
kannel_settings() {
    local folder=$1 admin box carrier
    sendsms_port=$(free_port) admin=$(free_port) box=$(free_port) carrier=$(free_port)
    kannel_admin_port=$admin carrier_port=$carrier
    kannel_status_password=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
    od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$folder/sendsms-password"
    # log-level 2 and no access-log: below it Kannel writes whole texts, with their codes, into its logs.
    cat >"$folder/kannel.conf" <<CONF
group = core
admin-port = $admin
admin-interface = 127.0.0.1
admin-password = $(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
status-password = $kannel_status_password
admin-deny-ip = "*.*.*.*"
admin-allow-ip = "127.0.0.1"
smsbox-port = $box
smsbox-interface = 127.0.0.1
box-deny-ip = "*.*.*.*"
box-allow-ip = "127.0.0.1"
log-file = "$folder/bearerbox.log"
log-level = 2
dlr-storage = internal

group = smsc
smsc = fake
smsc-id = CARRIER
host = 127.0.0.1
port = $carrier
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = $box
sendsms-port = $sendsms_port
sendsms-interface = 127.0.0.1
log-file = "$folder/smsbox.log"
log-level = 2

group = sendsms-user
username = otpd
password = $(<"$folder/sendsms-password")
user-deny-ip = "*.*.*.*"
user-allow-ip = "127.0.0.1"
concatenation = true
max-messages = 10

group = sms-service
keyword = default
max-messages = 0
text = ""
CONF
    jq -n --arg url "http://127.0.0.1:$sendsms_port/cgi-bin/sendsms" --arg password "$folder/sendsms-password" \
        '{type: "kannel", url: $url, user: "otpd", password_file: $password, sender: "TPHN", cost_per_part: 500,
          report_addresses: ["127.0.0.1"]}' >"$folder/gateway.json"
}

# kannel_program NAME: where Debian puts it.
kannel_program() {
    local path
    for path in "/usr/sbin/$1" "/usr/lib/kannel/test/$1"; do
        if [[ -x $path ]]; then
            echo "$path"
            return 0
        fi
    done
    return 1
}

kannel_status() {
    curl -s -m 2 --noproxy '*' "http://127.0.0.1:$kannel_admin_port/status.txt?password=$kannel_status_password" || true
}

# kannel_waits TRIES WORD PID: until the status holds the word; fails early when the process has ended.
kannel_waits() {
    local tries
    for ((tries = 0; tries < $1; tries++)); do
        if [[ $(kannel_status) == *"$2"* ]]; then return 0; fi
        kill -0 "$3" 2>/dev/null || return 1
        sleep 0.1
    done
    return 1
}

# start_kannel FOLDER: bearerbox, smsbox and the fake carrier; fails without a word on standard output when one of them
# is missing or does not come up, and leaves nothing running then.
start_kannel() {
    local folder=$1/kannel bearerbox smsbox carrier pids=() pid
    bearerbox=$(kannel_program bearerbox) && smsbox=$(kannel_program smsbox) && carrier=$(kannel_program fakesmsc) ||
        return 69
    mkdir -p -m 700 "$folder"
    kannel_settings "$folder"
    setsid "$bearerbox" -v 4 "$folder/kannel.conf" </dev/null >>"$folder/bearerbox.out" 2>&1 &
    pids+=("$!")
    if kannel_waits 50 "Kannel bearerbox" "${pids[0]}"; then
        setsid "$smsbox" -v 4 "$folder/kannel.conf" </dev/null >>"$folder/smsbox.out" 2>&1 &
        pids+=("$!")
        # The carrier ends with its input, so it holds both ends of a pipe itself.
        rm -f "$folder/carrier.in"
        mkfifo -m 600 "$folder/carrier.in"
        setsid "$carrier" -H 127.0.0.1 -r "$carrier_port" -i 0.01 -m 0 <>"$folder/carrier.in" \
            >>"$folder/handset.log" 2>&1 &
        pids+=("$!")
        if kannel_waits 50 "smsbox:" "${pids[0]}" && kannel_waits 200 "(online" "${pids[2]}"; then
            started_pids+=("${pids[@]}")
            return 0
        fi
    fi
    for pid in "${pids[@]}"; do
        kill -KILL "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    return 69
}

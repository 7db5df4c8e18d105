# Sourced by scripts that run a private Redis and the service: start, wait until ready, stop in order.
#
# Each process is started in a session of its own, so that Ctrl-C reaches only the script, which stops the service
# before the Redis it uses. Nothing is found or ended by name.

# What a process is started with.
apart=(setsid)

started_pids=()

# say_last_lines FILE: the end of a log, for a message about a failed start.
say_last_lines() {
    if [[ -s $1 ]]; then tail -n 12 "$1" | sed 's/^/  | /' >&2; fi
}

# redis_socket FOLDER: where the private Redis of a folder listens. A socket's path is at most 107 bytes long, so
# that of a deep folder goes to the system's folder for temporary files.
redis_socket() {
    local folder socket
    folder=$(cd "$1" && pwd)
    socket=$folder/redis/redis.sock
    if ((${#socket} > 100)); then
        socket=/tmp/otpd-$(id -u)-$(cksum <<<"$folder" | cut -d' ' -f1)/redis.sock
    fi
    echo "$socket"
}

# start_redis FOLDER: a Redis with its own data under FOLDER/redis; it keeps what it is told (AOF) and never evicts.
start_redis() {
    local folder=$1 socket pid
    socket=$(redis_socket "$folder")
    mkdir -p -m 700 "$folder/redis" "$(dirname "$socket")"
    "${apart[@]}" redis-server --port 0 --unixsocket "$socket" --unixsocketperm 600 --daemonize no --save '' \
        --dir "$(cd "$folder/redis" && pwd)" --appendonly yes --appendfsync everysec \
        --maxmemory 128mb --maxmemory-policy noeviction \
        </dev/null >>"$folder/redis.log" 2>&1 &
    pid=$!
    started_pids+=("$pid")
    local tries
    for ((tries = 0; tries < 100; tries++)); do
        if [[ $(redis-cli -s "$socket" ping 2>/dev/null) == PONG ]]; then return 0; fi
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    echo "The private Redis did not start; its log is $folder/redis.log:" >&2
    say_last_lines "$folder/redis.log"
    return 69
}

# start_service OTPD FOLDER SETTINGS: sets service_pid, service_url and admin_url once the service is ready.
start_service() {
    local otpd=$1 folder=$2 settings=$3
    : >"$folder/otpd.out"
    "${apart[@]}" "$otpd" serve --config "$settings" </dev/null >"$folder/otpd.out" 2>>"$folder/otpd.log" &
    service_pid=$!
    started_pids+=("$service_pid")
    local tries
    for ((tries = 0; tries < 200; tries++)); do
        service_url=$(sed -n 's/^listening on \(http:[^ ]*\)$/\1/p' "$folder/otpd.out")
        admin_url=$(sed -n 's/^admin on \(http:[^ ]*\)$/\1/p' "$folder/otpd.out")
        if [[ -n $service_url && -n $admin_url ]]; then return 0; fi
        kill -0 "$service_pid" 2>/dev/null || break
        sleep 0.1
    done
    echo "The service did not start; its log is $folder/otpd.log:" >&2
    say_last_lines "$folder/otpd.log"
    return 69
}

# stop_started: ends what was started, last first, each within 12 s.
stop_started() {
    local index pid tries
    for ((index = ${#started_pids[@]} - 1; index >= 0; index--)); do
        pid=${started_pids[index]}
        kill -TERM "$pid" 2>/dev/null || continue
        for ((tries = 0; tries < 120; tries++)); do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.1
        done
        kill -KILL "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    started_pids=()
}

# add_client OTPD SETTINGS FOLDER NAME SCOPES: makes a client unless FOLDER holds its key; writes NAME.key and
# NAME.header, which curl reads (-H @FILE) so that no key stands on a command line.
add_client() {
    local otpd=$1 settings=$2 folder=$3 name=$4 scopes=$5 answer
    if [[ -s $folder/$name.key && -s $folder/$name.header ]]; then return 0; fi
    # A key that was lost between its making and its keeping is of no use to anybody.
    "$otpd" client revoke --config "$settings" --name "$name" >/dev/null 2>&1 || true
    answer=$("$otpd" client add --config "$settings" --name "$name" --scope "$scopes" 2>>"$folder/otpd.log") || {
        echo "otpd client add --name $name failed; the log is $folder/otpd.log:" >&2
        say_last_lines "$folder/otpd.log"
        return 69
    }
    (
        umask 077
        jq -r '"Authorization: Bearer " + .key' <<<"$answer" >"$folder/$name.header"
        jq -r .key <<<"$answer" >"$folder/$name.key.new"
        mv "$folder/$name.key.new" "$folder/$name.key"
    )
}

# make_ring_key OTPD FILE: a fresh ring key, readable by its owner only, unless the file is there.
make_ring_key() {
    local otpd=$1 file=$2
    if [[ -s $file ]]; then return 0; fi
    (
        umask 077
        "$otpd" keys new >"$file.new"
        mv "$file.new" "$file"
    )
}

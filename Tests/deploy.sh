#!/usr/bin/env bash
# Tries what stands in deploy/: the unit with systemd's own checks, the nginx front with real requests, the Redis
# settings with a real Redis, the mail servers' files with their own checks, the scripts with bash's. Everything runs in a scratch folder on Unix sockets.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
export PATH=$PATH:/usr/sbin:/sbin

scratch=$(mktemp -d)
chmod 755 "$scratch"
nginx_pid= redis_pid= upstream_pid=
# shellcheck disable=SC2317
cleanup() {
    local pid
    for pid in $nginx_pid $redis_pid $upstream_pid; do
        kill -TERM "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    rm -rf "$scratch"
}
trap cleanup EXIT

passed=0
ok() {
    passed=$((passed + 1))
}
bad() {
    echo "deploy: $1" >&2
    exit 1
}
until_there() {
    local tries
    for ((tries = 0; tries < 50; tries++)); do
        [[ -S $1 ]] && return 0
        sleep 0.1
    done
    bad "$1 did not appear"
}

# Scripts.
while IFS= read -r script; do
    bash -n "$script" || bad "$script is not valid bash"
done < <(find deploy Tests .ci -name '*.sh' -o -path '.ci/run')
ok

# Packages: every section lists something, and asking again installs nothing.
for section in build run test bench runtime; do
    [[ -n $(deploy/install-packages.sh --list "$section") ]] || bad "packages.txt: [$section] is empty"
done
deploy/install-packages.sh build run test || bad "packages are missing after they were installed"
ok

# The unit, as if the binary were there.
if command -v systemd-analyze >/dev/null; then
    sed 's#/usr/bin/otpd#/bin/true#' deploy/systemd/otpd.service >"$scratch/otpd.service"
    complaints=$(systemd-analyze verify --man=no "$scratch/otpd.service" 2>&1 | grep 'otpd\.service' || true)
    [[ -z $complaints ]] || bad "systemd-analyze verify: $complaints"
    systemd-analyze security --offline=true --threshold=20 "$scratch/otpd.service" >"$scratch/security" 2>&1 ||
        bad "systemd-analyze security: $(tail -n 1 "$scratch/security")"
    ok
else
    echo "deploy: systemd-analyze is not here, the unit is not checked"
fi

# Kernel settings: lines that sysctl reads, of names that a kernel has.
while IFS= read -r line; do
    [[ $line =~ ^([a-z_.]+)\ =\ ([0-9]+)$ ]] || bad "deploy/sysctl/otpd.conf: $line"
    [[ ! -d /proc/sys/kernel || -e /proc/sys/${BASH_REMATCH[1]//.//} ]] ||
        echo "deploy: this kernel has no ${BASH_REMATCH[1]}"
done < <(grep -v -e '^#' -e '^$' deploy/sysctl/otpd.conf)
ok

# Redis: starts with these settings, never evicts, keeps what it is told.
mkdir "$scratch/redis"
redis-server deploy/redis/redis.conf --dir "$scratch/redis" --unixsocket "$scratch/redis.sock" \
    </dev/null >"$scratch/redis.log" 2>&1 &
redis_pid=$!
until_there "$scratch/redis.sock"
redis_setting() {
    redis-cli -s "$scratch/redis.sock" config get "$1" | tail -n 1
}
[[ $(redis_setting maxmemory-policy) == noeviction ]] || bad "redis.conf: not noeviction"
[[ $(redis_setting appendonly) == yes ]] || bad "redis.conf: no AOF"
[[ $(redis_setting maxmemory) -gt 0 ]] || bad "redis.conf: no bound on memory"
ok

# nginx: the front with a throw-away certificate, before a service that answers 200 to everything.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=otp.hanoi.gov.vn \
    -keyout "$scratch/otpd.key" -out "$scratch/otpd.crt" 2>/dev/null
sed -e "s#/etc/otpd/tls#$scratch#" \
    -e "s#listen 443 ssl#listen unix:$scratch/front.sock ssl#" \
    -e "s#server 127.0.0.1:8080 [^;]*;#server unix:$scratch/service.sock max_fails=0;#" \
    deploy/nginx/otpd.conf >"$scratch/otpd.conf"
user=
if ((EUID == 0)); then user="user root;"; fi
cat >"$scratch/nginx.conf" <<CONF
$user
daemon off;
worker_processes 1;
pid $scratch/nginx.pid;
error_log stderr warn;
events { worker_connections 64; }
http {
    access_log off;
    client_body_temp_path $scratch/body;
    proxy_temp_path $scratch/proxy;
    fastcgi_temp_path $scratch/fastcgi;
    uwsgi_temp_path $scratch/uwsgi;
    scgi_temp_path $scratch/scgi;
    include $scratch/otpd.conf;
}
CONF
nginx -t -q -p "$scratch" -c "$scratch/nginx.conf" 2>"$scratch/nginx.log" || bad "nginx -t: $(cat "$scratch/nginx.log")"
ok

nginx -p "$scratch" -c "$scratch/nginx.conf" 2>"$scratch/nginx.log" </dev/null &
nginx_pid=$!
until_there "$scratch/front.sock"
# front EXPECTED_STATUS CURL_ARGUMENT...: one request over TLS; the answer is left in $scratch/answer.
front() {
    local expected=$1 status
    shift
    status=$(curl -sk -m 5 --unix-socket "$scratch/front.sock" -o "$scratch/answer" -w '%{http_code}' "$@" || true)
    [[ $status == "$expected" ]] || bad "nginx answered $status, not $expected, to: ${*:$#} $(tail -n 2 "$scratch/nginx.log")"
}
url=https://otp.hanoi.gov.vn

front 503 -d '{}' $url/v1/sign-ins
[[ $(jq -r .code "$scratch/answer") == unavailable ]] || bad "nginx: a dead service is not a problem document"
front 404 $url/v1/accounts/kythuat@hanoi.gov.vn
front 404 $url/metrics
front 404 $url/
front 404 $url/readyz
head -c 17000 /dev/zero | tr '\0' 'x' >"$scratch/large"
front 413 --data-binary @"$scratch/large" $url/v1/sign-ins
[[ $(jq -r .code "$scratch/answer") == too-large ]] || bad "nginx: 413 is not a problem document"
front 000 --tls-max 1.1 $url/v1/sign-ins
ok

# With a service behind it: bodies up to the limit arrive whole, no forged address does.
python3 - "$scratch/service.sock" <<'PYTHON' &
import http.server, json, socketserver, sys

class Echo(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        forged = [name for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded") if self.headers.get(name)]
        answer = json.dumps({"length": len(body), "forged": forged, "key": self.headers.get("Authorization")}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def address_string(self):
        return "front"

    def log_message(self, *arguments):
        pass

socketserver.ThreadingUnixStreamServer.daemon_threads = True
socketserver.ThreadingUnixStreamServer(sys.argv[1], Echo).serve_forever()
PYTHON
upstream_pid=$!
until_there "$scratch/service.sock"
head -c 16384 "$scratch/large" >"$scratch/largest"
front 200 -H 'X-Forwarded-For: 192.0.2.1' -H 'X-Real-IP: 192.0.2.1' -H 'Forwarded: for=192.0.2.1' \
    -H 'Authorization: Bearer otpd_test' --data-binary @"$scratch/largest" $url/v1/sign-ins
[[ $(jq -c . "$scratch/answer") == '{"length":16384,"forged":[],"key":"Bearer otpd_test"}' ]] ||
    bad "nginx passed on: $(cat "$scratch/answer")"
ok

# Mail servers: the files as they stand, with their own syntax checks. What they do is tried by the system tests.
mail=$scratch/mail
mkdir -p "$mail/postfix" "$mail/spool" "$mail/data"
: >"$mail/key"
sed -e "s#/etc/dovecot/otpd.lua#$root/deploy/dovecot/otpd.lua#" -e 's#uid=vmail gid=vmail#uid=mail gid=mail#' \
    deploy/dovecot/otpd.conf >"$mail/otpd.conf"
printf '!include %s\n!include %s\nssl = no\n' "$root/deploy/dovecot/behind-nginx.conf" "$mail/otpd.conf" >"$mail/dovecot.conf"
doveconf -n -c "$mail/dovecot.conf" >"$mail/doveconf" 2>"$mail/log" || bad "doveconf: $(cat "$mail/log")"
[[ ! -s $mail/log ]] || bad "doveconf: $(cat "$mail/log")"
# What stands at its default does not show with -n.
dovecot_setting() {
    doveconf -h -c "$mail/dovecot.conf" "$1"
}
[[ $(dovecot_setting auth_cache_size) == 0 ]] || bad "dovecot: logins are cached"
grep -q 'allow_all_users=yes' "$mail/doveconf" || bad "dovecot: mail to locked mailboxes would be deferred"
! grep -q 'cache_key=' <(grep -v '^ *#' deploy/dovecot/otpd.conf) || bad "dovecot: a cache_key"
! grep -qE '^ *(post|method = "POST")' deploy/dovecot/otpd.lua || bad "otpd.lua: POST waits two seconds"
ok

{
    cat deploy/postfix/main.cf
    printf '%s\n' compatibility_level=3.6 "queue_directory=$mail/spool" "data_directory=$mail/data" \
        command_directory=/usr/sbin daemon_directory=/usr/lib/postfix/sbin mail_owner=postfix setgid_group=postdrop
} >"$mail/postfix/main.cf"
cp deploy/postfix/master.cf "$mail/postfix/master.cf"
postconf -c "$mail/postfix" -n >"$mail/postconf" 2>"$mail/log" || bad "postconf: $(cat "$mail/log")"
postconf -c "$mail/postfix" -M >"$mail/postconf-m" 2>>"$mail/log" || bad "postconf -M: $(cat "$mail/log")"
postconf -c "$mail/postfix" -P >"$mail/postconf-p" 2>>"$mail/log" || bad "postconf -P: $(cat "$mail/log")"
[[ ! -s $mail/log ]] || bad "postconf: $(cat "$mail/log")"
[[ $(postconf -c "$mail/postfix" -h smtpd_policy_service_timeout) == 3s ]] || bad "postfix: the policy timeout is not 3s"
while read -r service; do
    grep -q "^$service/inet/smtpd_recipient_restrictions *= *check_policy_service" "$mail/postconf-p" ||
        bad "postfix: $service does not ask the policy first"
done < <(awk '/smtpd$/ { print $1 }' "$mail/postconf-m")
if ((EUID == 0)); then
    chown postfix "$mail/data"
    postfix -c "$mail/postfix" check >"$mail/log" 2>&1 || bad "postfix check: $(cat "$mail/log")"
fi
ok

sed -e "s#/etc/nginx/tls/mail#$scratch/otpd#" deploy/nginx-mail/otpd-mail.conf >"$mail/otpd-mail.conf"
cat >"$mail/nginx.conf" <<CONF
load_module $(find /usr/lib/nginx/modules /usr/share/nginx/modules -name ngx_mail_module.so 2>/dev/null | head -n 1);
pid $mail/nginx.pid;
error_log stderr warn;
events { worker_connections 64; }
include $mail/otpd-mail.conf;
CONF
nginx -t -q -p "$mail" -c "$mail/nginx.conf" 2>"$mail/log" || bad "nginx -t (mail): $(cat "$mail/log")"
ok

echo "deploy: $passed checks passed"

"""Makes an app password for each of the first accounts and logs in with each once; prints lines "address password".

    app_passwords.py ADMIN_URL SERVICE_URL OPERATOR_KEY_FILE MAIL_KEY_FILE COUNT
"""

import http.client
import json
import sys
import urllib.parse


def main(admin, service, operator_file, mail_file, count):
    keys = [open(path, encoding="ascii").read().strip() for path in (operator_file, mail_file)]
    desk = http.client.HTTPConnection(urllib.parse.urlsplit(admin).netloc)
    hook = http.client.HTTPConnection(urllib.parse.urlsplit(service).netloc)
    for number in range(int(count)):
        address = f"u{number:08d}@hanoi.gov.vn"
        desk.request(
            "POST",
            f"/v1/accounts/{address}/app-passwords",
            json.dumps({"label": "bench", "services": ["imap"], "document": "1/BENCH"}),
            {"Authorization": f"Bearer {keys[0]}", "Content-Type": "application/json"},
        )
        answer = desk.getresponse()
        body = answer.read()
        if answer.status != 201:
            sys.exit(f"no app password for {address}: {answer.status} {body.decode()}")
        password = json.loads(body)["password"]
        form = {"user": address, "password": password, "service": "imap", "remote_ip": "10.1.2.3"}
        hook.request(
            "POST",
            "/v1/mail/dovecot/passdb",
            urllib.parse.urlencode(form),
            {"Authorization": f"Bearer {keys[1]}", "Content-Type": "application/x-www-form-urlencoded"},
        )
        answer = hook.getresponse()
        answer.read()
        result = answer.headers.get("X-Otpd-Result")
        if result != "ok":
            sys.exit(f"{address} cannot log in: {answer.status} {result}")
        print(address, password)


main(*sys.argv[1:])

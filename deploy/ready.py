"""The container's health check: asks the portal whether it is ready, as the proxy would."""

import sys
import urllib.error
import urllib.request

URL = "http://127.0.0.1:8000/sante/pret"

if __name__ == "__main__":
    question = urllib.request.Request(URL, headers={"X-Forwarded-Proto": "https"})
    try:
        with urllib.request.urlopen(question, timeout=4) as answer:  # noqa: S310
            sys.exit(answer.status != 200)
    except (urllib.error.URLError, OSError) as error:
        sys.exit(str(error))

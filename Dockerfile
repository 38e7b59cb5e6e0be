# The portal's image: one for web, workers and beat. Debian 12, without root, on a read-only file system.
# Each step can be done by hand in a bare Debian 12 with Python 3.11.

FROM python:3.11-slim-bookworm AS libraries
ENV PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements/ /srv/requirements/
RUN python -m venv /srv/uv && /srv/uv/bin/pip install --quiet --require-hashes -r /srv/requirements/setup.txt
RUN python -m venv --without-pip /srv/venv \
    && /srv/uv/bin/uv pip sync --quiet --no-cache --require-hashes --python /srv/venv/bin/python \
        /srv/requirements/production.txt

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /nonexistent portail \
    && install -d -o portail -g portail /var/lib/portail /srv/media
COPY --from=libraries /srv/venv /srv/venv
WORKDIR /srv/portail
COPY . .
ENV PATH=/srv/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONUTF8=1 \
    HOME=/tmp \
    VAR_DIR=/var/lib/portail \
    STATIC_ROOT=/srv/static
# Catalogues and static files belong to the image; a demonstration needs no secret to collect them.
RUN python -m dev.catalogues \
    && DEMONSTRATION=1 VAR_DIR=/tmp/build python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf /tmp/build \
    && python -m compileall -q /srv/venv/lib /srv/portail
USER portail
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["deploy/web"]

# The page, the worker and all commands in one image, for amd64 and arm64. Nothing runs as root, nothing is written but /data and /tmp.
# Not built by `make test`: the release job builds and starts it.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /opt/tracker && /opt/tracker/bin/pip install --require-hashes -r requirements.lock
COPY . .
RUN /opt/tracker/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheel . \
    && /opt/tracker/bin/pip install --no-deps /wheel/*.whl

FROM python:3.11-slim-bookworm
# chromium reads pages and prints PDF, the fonts are for its Chinese, pg_dump (15, as the server of compose.yaml) for backups
RUN apt-get update \
    && apt-get install --yes --no-install-recommends chromium-headless-shell fonts-noto-cjk postgresql-client tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --home-dir /tmp --shell /usr/sbin/nologin tracker \
    && install --directory --owner=tracker --group=tracker --mode=0700 /data
COPY --from=build /opt/tracker /opt/tracker
ENV PATH=/opt/tracker/bin:$PATH \
    HOME=/tmp \
    LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1 \
    TRACKER_WORKSPACE=/data \
    TRACKER_BROWSER=/usr/bin/chromium-headless-shell
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGINT
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=8)"]
ENTRYPOINT ["tracker"]
CMD ["--log-json", "serve", "--host", "0.0.0.0", "--port", "8000", "--no-open"]

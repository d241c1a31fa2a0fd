# media-monitor in a container: not root, no build tools, nothing written but /data (and /tmp, best a tmpfs).
# FROM may be any Debian image with Python 3.11 to 3.13 whose command is python3.

FROM python:3.11-slim-bookworm AS build

# pip, in a corner that stays behind: out of the standard library; where Debian has taken it from there, the
# image's own; where there is none, out of Debian's package, unpacked and not installed.
RUN python3 -m venv /opt/pip \
 || { python3 -m venv --without-pip --system-site-packages /opt/pip && /opt/pip/bin/python3 -m pip --version; } \
 || { cd /tmp && apt-get update && apt-get download python3-pip-whl && dpkg -x python3-pip-whl_*.deb . \
      && set -- usr/share/python-wheels/pip-*.whl && /opt/pip/bin/python3 "$1/pip" install --no-index "$1"; }

COPY requirements.lock /src/
RUN python3 -m venv --without-pip /opt/venv \
 && /opt/pip/bin/python3 -m pip --python /opt/venv/bin/python3 install --no-cache-dir --only-binary=:all: \
      --require-hashes --no-deps -r /src/requirements.lock

# The build back end is held to its hash too.
RUN echo "setuptools==84.2.1 --hash=sha256:ca140b45d5325a9478f880e351484f62fef15f336462e449ca0c03c873d589c2" >/tmp/backend.lock \
 && /opt/pip/bin/python3 -m pip install --no-cache-dir --require-hashes --no-deps -r /tmp/backend.lock

COPY . /src
RUN /opt/pip/bin/python3 -m pip wheel --no-build-isolation --no-deps --wheel-dir /tmp/wheel /src \
 && /opt/pip/bin/python3 -m pip --python /opt/venv/bin/python3 install --no-index --no-deps /tmp/wheel/*.whl \
 && mkdir /data \
 && chmod -R u=rwX,go=rX /opt/venv /src/config


FROM python:3.11-slim-bookworm

LABEL org.opencontainers.image.title="media-monitor" \
      org.opencontainers.image.description="Watches news feeds, reads the articles, matches them against watchlists and tells people." \
      org.opencontainers.image.licenses="MIT"

COPY --from=build /opt/venv /opt/venv
COPY --from=build /src/config /config
COPY --from=build --chown=10001:10001 /data /data

# PYTHONSAFEPATH: what lies in /data is never imported.
ENV PATH=/opt/venv/bin:$PATH \
    HOME=/tmp \
    PYTHONSAFEPATH=1 \
    PYTHONUNBUFFERED=1 \
    MONITOR_CONFIG=/config

# The shipped configuration is right and every module can be imported. That also leaves the standard library's
# byte code behind, which official images come without: two seconds of each start, each health check.
RUN ["/opt/venv/bin/python3", "-m", "monitor", "check"]
RUN ["/opt/venv/bin/python3", "-c", "import importlib, pkgutil, monitor; [importlib.import_module(m.name) for m in pkgutil.walk_packages(monitor.__path__, 'monitor.') if m.name != 'monitor.__main__']"]

ENV PYTHONDONTWRITEBYTECODE=1 \
    MONITOR_STORAGE=sqlite:////data/monitor.db \
    MONITOR_MAIL__MAILDIR=/data/mail \
    MONITOR_HTTP__BIND=0.0.0.0:8080

USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=15s --start-period=60s --retries=3 \
    CMD ["/opt/venv/bin/python3", "-m", "monitor", "status"]
ENTRYPOINT ["/opt/venv/bin/python3", "-m", "monitor"]
CMD ["run"]

# The desk as an image: built in one stage, run in another, as nobody in particular.
ARG BASE=docker.io/library/python:3.11-slim
FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
COPY requirements.lock .
RUN python -m venv /opt/mizban \
    && /opt/mizban/bin/pip install --no-compile --require-hashes -r requirements.lock \
    && /opt/mizban/bin/pip uninstall --yes setuptools pip \
    && find /opt/mizban -type d -name tests -prune -exec rm -r {} +
WORKDIR /app
COPY pyproject.toml ./
COPY bot bot
COPY handlers handlers
COPY data data
COPY locale locale
# Nothing can be written where it runs, so what Python would write at a first start is written here.
RUN python -m compileall -q --invalidation-mode unchecked-hash /opt/mizban/lib /app/bot /app/handlers

FROM ${BASE}
ENV PATH=/opt/mizban/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    MIZBAN_DATABASE_URL=sqlite+aiosqlite:////data/mizban.sqlite3 MIZBAN_CACHE_DIR=/data/cache \
    MIZBAN_KEYRING_FILE=/data/keyring.json MPLCONFIGDIR=/data/cache/matplotlib
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin mizban \
    && install -d -o mizban -g mizban -m 0700 /data
COPY --from=build /opt/mizban /opt/mizban
COPY --from=build /app /app
WORKDIR /app
USER 10001:10001
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s --retries=3 \
    CMD ["python", "-m", "bot", "health"]
CMD ["python", "-m", "bot", "run"]

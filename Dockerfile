# The desk as an image: built in one stage, run in another, as nobody in particular.
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
COPY requirements.lock .
RUN python -m venv /opt/mizban && /opt/mizban/bin/pip install --require-hashes -r requirements.lock

FROM python:3.11-slim
ENV PATH=/opt/mizban/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    MIZBAN_DATABASE_URL=sqlite+aiosqlite:////data/mizban.sqlite3 MIZBAN_CACHE_DIR=/data/cache \
    MIZBAN_KEYRING_FILE=/data/keyring.json
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin mizban \
    && install -d -o mizban -g mizban -m 0700 /data
COPY --from=build /opt/mizban /opt/mizban
WORKDIR /app
COPY pyproject.toml ./
COPY bot bot
COPY handlers handlers
COPY data data
COPY locale locale
USER 10001
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s CMD ["python", "-m", "bot", "health"]
CMD ["python", "-m", "bot", "run"]

# One image for every part; the command chooses: serve, web, worker, sweep, migrate …
# `./run install` is what people use in a checkout too: there is one way to install.

FROM python:3.13-slim-trixie AS installed
WORKDIR /srv/poldermodel
# The packages change less often than the program: this layer is kept until the lock changes.
COPY run requirements.lock pyproject.toml ./
RUN ./run install && rm -rf .venv.lock /root/.cache
COPY LICENSE ./
COPY clustering clustering
COPY service service
COPY worker worker
# Nothing can be compiled on a read-only root, so it's done here, once.
RUN .venv/bin/python -I -m compileall -q clustering service worker

FROM python:3.13-slim-trixie
LABEL org.opencontainers.image.title="Poldermodel" \
      org.opencontainers.image.description="Opinion groups from votes on short statements" \
      org.opencontainers.image.licenses="EUPL-1.2"
COPY --from=installed /srv/poldermodel /srv/poldermodel
# The only folders it writes: its data (for `serve`; keep it on a volume) and /tmp (a tmpfs will do).
RUN install -d -o 65534 -g 65534 -m 0700 /data
ENV PATH=/srv/poldermodel/.venv/bin:/usr/local/bin:/usr/bin:/bin \
    HOME=/tmp \
    POLDERMODEL_DATA_FOLDER=/data \
    POLDERMODEL_HOST=0.0.0.0 \
    POLDERMODEL_PORT=8000
USER 65534:65534
WORKDIR /data
VOLUME /data
EXPOSE 8000
# For the commands that answer HTTP; compose.yaml turns it off for the others.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-I", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"POLDERMODEL_PORT\"]}/healthz', timeout=4)"]
# Whatever the command is, it is stopped by SIGTERM and then finishes what it is doing.
STOPSIGNAL SIGTERM
ENTRYPOINT ["poldermodel"]
CMD ["serve"]

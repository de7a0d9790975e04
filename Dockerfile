# syntax=docker/dockerfile:1
FROM node:22-bookworm-slim AS client
WORKDIR /src/client_web
COPY client_web/package.json client_web/package-lock.json ./
RUN npm install --no-save --no-audit --no-fund
COPY client_web/ ./
RUN mkdir -p /src/stream_server/web && npm run build
WORKDIR /src/ar_assets/worker
COPY ar_assets/worker/package.json ar_assets/worker/package-lock.json ./
RUN npm install --no-save --no-audit --no-fund
COPY ar_assets/worker/ ./
RUN npm run build

FROM python:3.13-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev libssl-dev && rm -rf /var/lib/apt/lists/*
RUN pip install --no-cache-dir "uv==0.13.9"
WORKDIR /src
COPY requirements-serve.lock pyproject.toml hatch_build.py README.md LICENSE ./
RUN uv venv /opt/vitrine && uv pip install --no-cache --python /opt/vitrine/bin/python -r requirements-serve.lock
COPY stream_server/ stream_server/
COPY ar_assets/ ar_assets/
COPY avatar/ avatar/
COPY --from=client /src/stream_server/web/static/ stream_server/web/static/
COPY --from=client /src/ar_assets/worker/dist/ ar_assets/worker/dist/
RUN uv pip install --no-cache --python /opt/vitrine/bin/python --no-deps .

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --create-home vitrine && install -d -o vitrine /data
COPY --from=build /opt/vitrine /opt/vitrine
# the asset worker runs on it
COPY --from=client /usr/local/bin/node /usr/local/bin/node
ENV PATH=/opt/vitrine/bin:$PATH PYTHONUNBUFFERED=1 VITRINE_HTTP_HOST=0.0.0.0 VITRINE_DATA_DIR=/data
USER vitrine
VOLUME /data
EXPOSE 8080/tcp 8880/udp 8880/tcp
CMD ["vitrine", "serve"]

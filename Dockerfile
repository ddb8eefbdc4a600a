# syntax=docker/dockerfile:1

# Everything is installed in the first stage, so the second has no compiler and no package cache.
FROM python:3.12-slim AS build
WORKDIR /build
RUN python -m venv /opt/precedent
ENV PATH=/opt/precedent/bin:$PATH
COPY requirements/serve.txt requirements/serve.txt
RUN pip install --no-cache-dir --require-hashes --requirement requirements/serve.txt
COPY pyproject.toml ./
COPY service service
COPY schema schema
COPY search search
COPY seed_cases seed_cases
RUN pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/precedent --create-home precedent
COPY --from=build /opt/precedent /opt/precedent
ENV PATH=/opt/precedent/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PRECEDENT_HOST=0.0.0.0 \
    PRECEDENT_PORT=8000 \
    PRECEDENT_VAR=/var/lib/precedent
USER precedent
WORKDIR /var/lib/precedent
VOLUME /var/lib/precedent
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PRECEDENT_PORT\"]}/healthz', timeout=2)"]
CMD ["precedent", "serve"]

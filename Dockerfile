# Beleg with its models, for a processor; it runs without a network. docs/serving.md says how.

FROM python:3.11-slim AS build
WORKDIR /src
RUN python -m venv /opt/beleg
COPY app.py constraints.txt pyproject.toml README.md LICENSE ./
COPY index index
COPY models models
COPY qa qa
COPY ui ui
# torch comes from PyTorch's own index, where it is built for processors alone: 200 MB instead of 3 GB.
RUN /opt/beleg/bin/pip install --no-cache-dir --constraint constraints.txt \
      --extra-index-url https://download.pytorch.org/whl/cpu .

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /data beleg \
 && install --directory --owner=beleg --mode=0700 /data
COPY --from=build /opt/beleg /opt/beleg
COPY seeds /seeds
ENV PATH="/opt/beleg/bin:$PATH" \
    BELEG_DATA_DIR=/data \
    BELEG_HOST=0.0.0.0 \
    HF_HUB_OFFLINE=1
USER 10001
# A beleg.toml in the volume is read.
WORKDIR /data
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=2m \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7860/health', timeout=4)"]
ENTRYPOINT ["beleg"]
CMD ["serve"]

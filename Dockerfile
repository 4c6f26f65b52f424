# The builder needs Go and a module cache or proxy; any image with both will do.
ARG BUILDER=golang:1.26-bookworm

FROM ${BUILDER} AS build
ARG VERSION=dev
ENV CGO_ENABLED=0
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN go build -trimpath -ldflags "-s -w -X main.stamp=${VERSION}" -o /out/wireroom ./cmd/wireroom \
 && mkdir -p /out/data /out/tmp /out/etc/ssl/certs \
 && cp /etc/ssl/certs/ca-certificates.crt /out/etc/ssl/certs/ \
 && printf 'wireroom:x:65532:65532::/data:/\n' > /out/etc/passwd \
 && chown -R 65532:65532 /out/data /out/tmp

FROM scratch
COPY --from=build /out/ /
# Time zones are inside the binary.
ENV WIREROOM_CONFIG=/data/wireroom.yaml
WORKDIR /data
VOLUME /data
EXPOSE 8080
USER 65532:65532
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["/wireroom", "healthcheck"]
ENTRYPOINT ["/wireroom"]
CMD ["serve"]

# Drover as a container image: built by Maven, on a JRE of its own and a base without a shell.
#   docker build -t drover:<version> --build-arg VERSION=<version> --build-arg REVISION=$(git rev-parse HEAD) .
# Pin the two bases by digest for a release (docs/deploy.md says how).
ARG BUILD_IMAGE=docker.io/library/maven
ARG BUILD_TAG=3.9.11-eclipse-temurin-25
ARG BUILD_DIGEST
ARG RUNTIME_IMAGE=gcr.io/distroless/cc-debian12
ARG RUNTIME_TAG=nonroot
ARG RUNTIME_DIGEST
# Where the AOT cache comes from: trained in this build, or an image that an earlier build kept of its stage `training`. No two trainings
# write the same bytes, so that is how two builds get the same layers.
ARG AOT_IMAGE=training

FROM ${BUILD_IMAGE}:${BUILD_TAG}${BUILD_DIGEST:+@$BUILD_DIGEST} AS build
WORKDIR /build
COPY pom.xml ./
COPY src src
COPY routes routes
# The tests are not run here, but their tree holds the servers that the start is trained on.
RUN mvn -B -ntp -DskipTests package dependency:copy-dependencies -DoutputDirectory=target/training
RUN src/main/image/assemble /app /opt/jre && install -d -o nobody /aot

FROM build AS trained
# PostgreSQL does not run as root.
USER nobody
ENV DJL_CACHE_DIR=/tmp
RUN java -cp "target/test-classes:target/classes:target/training/*" io.drover.local.AotTraining \
      /opt/jre/bin/java -XX:AOTCacheOutput=/aot/drover.aot --enable-native-access=ALL-UNNAMED -cp /app/drover.jar io.drover.Drover

FROM scratch AS training
COPY --from=trained /aot/drover.aot /drover.aot

FROM ${AOT_IMAGE} AS aot

FROM ${RUNTIME_IMAGE}:${RUNTIME_TAG}${RUNTIME_DIGEST:+@$RUNTIME_DIGEST}
ARG VERSION=0.2.0-SNAPSHOT
ARG REVISION=unknown
# The address of the repository that the image was built from.
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="Drover" \
      org.opencontainers.image.description="A runtime for AI agents in production: durable tasks and guarded tools as Camel routes" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.source="$SOURCE" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
# From what changes least to what changes most. A mount at /app/routes replaces the routes; jars in /app/lib are added to Drover's own.
COPY --from=build /opt/jre /opt/jre
COPY --from=build /app/jars /app/jars
COPY --from=build /app/drover.jar /app/drover.jar
COPY --from=aot /drover.aot /app/drover.aot
COPY routes /app/routes
WORKDIR /app
USER 65532:65532
# Native code is unpacked below /tmp, the only place that has to be writable.
ENV HOME=/tmp DJL_CACHE_DIR=/tmp
EXPOSE 8080
# The class path may be longer than the one that the cache was trained on, but has to begin with it.
ENTRYPOINT ["/opt/jre/bin/java", "-XX:AOTCache=/app/drover.aot", "-XX:MaxRAMPercentage=70", "-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED", "-cp", "/app/drover.jar:/app/lib/*", "io.drover.Drover"]

package io.drover.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Drover;
import io.drover.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A process that must not start says why, in one line. */
@ExtendWith(OutputCaptureExtension.class)
class StartRefusalTest {

    private static final String UNREACHABLE = "jdbc:postgresql://127.0.0.1:1/drover?password=topsecret";

    @TempDir
    Path routes;

    @Test
    void refusesWithoutADatabase(CapturedOutput output) {
        assertRefused(output, "spring.datasource.url is not set");
    }

    @Test
    void refusesADatabaseThatDoesNotAnswer(CapturedOutput output) {
        assertRefused(
                output,
                "the database at spring.datasource.url (jdbc:postgresql://127.0.0.1:1/drover) cannot be used",
                "--spring.datasource.url=" + UNREACHABLE);
        assertThat(output).doesNotContain("topsecret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka:tickets", "kafka\n      parameters: { topic: tickets }"})
    void refusesAKafkaRouteWithoutBrokers(String uri, CapturedOutput output) throws Exception {
        Files.writeString(
                routes.resolve("t.camel.yaml"), "- route:\n    id: t\n    from:\n      uri: %s\n".formatted(uri));
        assertRefused(
                output,
                "camel.component.kafka.brokers is not set",
                "--spring.datasource.url=" + TestDatabase.migrated());
    }

    @Test
    void refusesAPlainPassword(CapturedOutput output) {
        assertRefused(
                output,
                "plain passwords are not accepted",
                "--spring.datasource.url=" + TestDatabase.migrated(),
                "--drover.security.users[0].name=ada",
                "--drover.security.users[0].password-hash=hunter2",
                "--drover.security.users[0].roles=operator");
        assertThat(output).doesNotContain("hunter2");
    }

    @Test
    void refusesToLetNobodyIn(CapturedOutput output) {
        assertRefused(
                output,
                "no one could log in: drover.security.users names no user, drover.security.oidc.issuer is not set, and no API"
                        + " key counts; set drover.security.users[0].name",
                "--spring.datasource.url=" + TestDatabase.migrated(),
                "--drover.security.users=");
        assertThat(output).contains("htpasswd");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "drover.tools.x.approval|${body} regex '(a+)+b'|drover.tools.x.approval: the regular expression"
                        + " '(a+)+b' can take",
                "drover.canary.percent|101|drover.canary.percent (101) must be from 0 to 100, as in 5",
                "drover.worker.track|green|drover.worker.track (green) must be stable or canary",
                "drover.role|boss|drover.role (boss) must be all, worker or trigger",
                "drover.worker.heartbeat|9s|drover.worker.heartbeat (PT9S) must be at most a third of"
                        + " drover.worker.lease (PT10S)",
                "drover.models.default.type|no.such.Model|drover.models.default.type: there is no class no.such.Model",
                "drover.datasources.orders.url|postgresql://ada:topsecret@host/orders|drover.datasources.orders.url"
                        + " must be a JDBC URL, as in jdbc:postgresql://host:5432/orders",
                "drover.datasources.orders.url|jdbc:nosuch:x?password=topsecret|drover.datasources.orders.url: no JDBC"
                        + " driver on the class path takes jdbc:nosuch; add the driver's jar",
                "drover.datasources.default.maximum-pool-size|0|drover.datasources.default.maximum-pool-size (0) must"
                        + " be from 1 to 1000, as in 10",
                "drover.datasources.default.driver-class-name|no.such.Driver|drover.datasources.default.driver-class-name"
                        + " (no.such.Driver) needs drover.datasources.default.url",
                "drover.datasources.dataSource.url|jdbc:postgresql://host/x|drover.datasources.dataSource is not allowed",
                "drover.datasources.orders.password|topsecret|drover.datasources.orders.password needs"
                        + " drover.datasources.orders.username",
                "drover.datasources.default.password|topsecret|drover.datasources.default.password needs"
                        + " drover.datasources.default.username",
                "drover.management.port|70000|drover.management.port (70000) must be from 0 to 65535, as in 8081",
                "drover.tools.x.retries|-1|drover.tools.x.retries (-1) must be from 0 to 100, as in 2",
                "drover.security.oidc.issuer|https://login.example.com|drover.security.oidc.audience is missing",
                "drover.security.hooks[0].path|/api/tasks|drover.security.hooks[0].path (/api/tasks) is a path of Drover",
                "drover.budgets.day|-5|drover.budgets.day (-5) must be from 0 to 1000000000, as in 100"
            })
    void refusesASettingThatMakesNoSense(String name, String value, String sentence, CapturedOutput output) {
        assertRefused(
                output,
                sentence,
                "--spring.datasource.url=" + TestDatabase.migrated(),
                "--%s=%s".formatted(name, value));
        assertThat(output).doesNotContain("APPLICATION FAILED TO START").doesNotContain("topsecret");
    }

    private void assertRefused(CapturedOutput output, String sentence, String... arguments) {
        String[] all = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(
                                "--server.port=0", "--spring.jmx.enabled=false", "--drover.routes.directory=" + routes),
                        java.util.Arrays.stream(arguments))
                .toArray(String[]::new);

        assertThatThrownBy(() -> SpringApplication.run(Drover.class, all)).isNotNull();

        assertThat(output)
                .contains("Drover does not start: ")
                .contains(sentence)
                .doesNotContain("Application run failed");
        assertThat(output.toString().split("Drover does not start: ", 2)[1]) // before it, a listener may have failed
                .doesNotContain("\tat ");
    }
}

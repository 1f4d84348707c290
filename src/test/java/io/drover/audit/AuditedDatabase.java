package io.drover.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.drover.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** A database with an audit log that a test writes, seals, exports and verifies. */
abstract class AuditedDatabase {

    @TempDir
    static Path directory;

    final HikariDataSource dataSource = new HikariDataSource();
    JdbcClient app;
    JdbcClient owner;
    Sealing sealing;
    String key;

    @BeforeEach
    void open() throws Exception {
        dataSource.setJdbcUrl(TestDatabase.ofTwoRoles());
        dataSource.setMaximumPoolSize(4);
        app = JdbcClient.create(dataSource);
        owner = TestDatabase.directly(dataSource.getJdbcUrl());
        sealing = sealing(directory.resolve("key.pem"));
        key = sealing.verifier();
    }

    @AfterEach
    void close() {
        dataSource.close();
    }

    Sealing sealing(Path keyFile) throws Exception {
        return new Sealing(
                new AuditLog(dataSource),
                new DataSourceTransactionManager(dataSource),
                new AuditProperties(
                        "drover", keyFile == null ? null : Keys.write(keyFile), null, Duration.ofMinutes(1)));
    }

    void decide(String who, String action) {
        app.sql("insert into audit (who, action, task_id, detail) values (?, ?, ?, '{\"n\": 1, \"why\": \"Zürich\"}')")
                .params(who, action, UUID.randomUUID())
                .update();
    }

    String seal() {
        Sealing.Made made = sealing.seal().made();
        assertThat(made).as("a checkpoint").isNotNull();
        return made.note();
    }

    String export() throws IOException {
        return exportSince(null);
    }

    String exportSince(Instant time) throws IOException {
        StringWriter out = new StringWriter();
        new AuditExport(dataSource).write(out, time);
        return out.toString();
    }

    AuditVerifier.Report verify(String... checkpoints) throws IOException {
        return read(export(), checkpoints);
    }

    AuditVerifier.Report read(String export, String... checkpoints) throws IOException {
        return new AuditVerifier(keys(), List.of(checkpoints)).verify(new BufferedReader(new StringReader(export)));
    }

    List<String> keys() {
        return key == null ? List.of() : List.of(key);
    }

    /** Five decisions, a checkpoint after the third, and another one at the end. @return the first one */
    String sealedTwice() {
        decide("ann", "hold");
        decide("bob", "release");
        decide("ann", "cancel");
        String first = seal();
        decide("eve", "resolve");
        decide("bob", "hold");
        seal();
        return first;
    }
}

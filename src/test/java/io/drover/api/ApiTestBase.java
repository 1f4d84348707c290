package io.drover.api;

import io.drover.TestDatabase;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The whole process on a port of its own and a real PostgreSQL, shared by the tests of the API. */
@AutoConfigureObservability(tracing = false)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "drover.routes.directory=src/test/resources/routes-api",
            "drover.queue.max-input-bytes=100000",
            "drover.management.port=0",
            "drover.security.hooks[0].path=/hooks/github",
            "drover.security.hooks[0].signature=github",
            "drover.security.hooks[0].secrets=" + ApiTestBase.NEW_SECRET + "," + ApiTestBase.OLD_SECRET,
            "drover.security.hooks[1].path=/hooks/stripe",
            "drover.security.hooks[1].signature=stripe",
            "drover.security.hooks[1].secrets=" + ApiTestBase.NEW_SECRET,
            "drover.security.hooks[2].path=/hooks/slack",
            "drover.security.hooks[2].signature=slack",
            "drover.security.hooks[2].secrets=" + ApiTestBase.NEW_SECRET,
            "drover.security.hooks[2].tolerance=2m",
            "spring.main.cloud-platform=kubernetes" // which Spring Boot finds out by itself there
        })
public abstract class ApiTestBase {

    /** Of the hooks whose senders sign. */
    protected static final String NEW_SECRET = "a-new-secret-of-forty-hard-guessed-bytes";

    protected static final String OLD_SECRET = "the-old-secret-until-the-sender-has-mine";

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) {
        TestDatabase.ofTwoRoles(registry);
    }

    @LocalServerPort
    int port;

    protected ApiClient operator() {
        return new ApiClient(port, "ada", "secret");
    }

    protected ApiClient viewer() {
        return new ApiClient(port, "vic", "secret");
    }

    /** A viewer who also sees payloads. */
    protected ApiClient reader() {
        return new ApiClient(port, "rex", "secret");
    }

    protected ApiClient nobody() {
        return new ApiClient(port, "", "");
    }

    protected int port() {
        return port;
    }
}

package io.drover.manage;

import io.drover.TestDatabase;
import org.apache.camel.CamelContext;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The whole process with MBeans, which only one context of a JVM can have. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"drover.routes.directory=src/test/resources/routes-api", "spring.jmx.enabled=true"})
abstract class HawtioTestBase {

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) {
        TestDatabase.ofTwoRoles(registry);
    }

    @LocalServerPort
    int port;

    @Autowired
    CamelContext camel;
}

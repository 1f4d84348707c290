package io.drover.intake;

import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpEngine;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Runs an author's HTTP hook on the request's own thread, which is a virtual one.
 * Camel's starter hands the request to another thread, and the filters go on with the response meanwhile.
 * Then two threads write its headers, which Tomcat's response does not bear: now and then a client got no answer.
 */
@Configuration(proxyBeanMethods = false)
class HookConfiguration {

    @Bean("platform-http-engine")
    PlatformHttpEngine hookEngine(@Value("${server.port:8080}") int port) {
        return new SpringBootPlatformHttpEngine(port, Runnable::run);
    }
}

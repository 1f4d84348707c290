package io.drover.camel;

import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.spi.ComponentCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The HTTP client that tools use. */
@Configuration(proxyBeanMethods = false)
class HttpClients {

    /** The guard is the one owner of retries: Apache's client would send some requests again on its own. */
    @Bean
    ComponentCustomizer httpClientWithoutRetries() {
        return ComponentCustomizer.builder(HttpComponent.class)
                .build(http -> http.setHttpClientConfigurer(builder -> builder.disableAutomaticRetries()
                        .disableRedirectHandling()
                        .disableCookieManagement()
                        .disableContentCompression()));
    }
}

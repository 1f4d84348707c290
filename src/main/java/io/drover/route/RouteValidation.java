package io.drover.route;

import io.drover.route.check.RouteValidator;
import org.apache.camel.CamelContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The checks that a file passes before Camel builds it. */
@Configuration(proxyBeanMethods = false)
class RouteValidation {

    @Bean
    RouteValidator routeValidator(Environment environment, CamelContext context) {
        return new RouteValidator(environment, context);
    }
}

package io.drover.component;

import io.drover.secret.SecretPlaceholders;
import io.drover.secret.SecretReference;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.PropertiesFunction;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.stereotype.Component;

/**
 * <code>{{secret:name}}</code>: Camel resolves placeholders when it loads a route, and keeps endpoints by their URI.
 * So this gives what stands for the secret, and the HTTP client that sends a request puts the value in.
 * It takes the place of the function of camel-kubernetes, which would give the value.
 */
@Component
class SecretFunction implements PropertiesFunction, CamelContextConfiguration {

    @Override
    public String getName() {
        return SecretReference.FUNCTION;
    }

    @Override
    public String apply(String remainder) {
        return SecretPlaceholders.reference(remainder);
    }

    @Override
    public void beforeApplicationStart(CamelContext context) {
        context.getPropertiesComponent().addPropertiesFunction(this);
    }

    @Override
    public void afterApplicationStart(CamelContext context) {}
}

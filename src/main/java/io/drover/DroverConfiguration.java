package io.drover;

import io.drover.json.Json;
import java.time.Clock;
import org.springframework.boot.autoconfigure.jackson.Jackson2ObjectMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What comes in from outside, the time, and what all share. */
@Configuration(proxyBeanMethods = false)
class DroverConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    /** What Spring's requests and Camel's {@code unmarshal: json} read comes through the same door. */
    @Bean
    Jackson2ObjectMapperBuilderCustomizer jsonDoor() {
        return builder -> builder.factory(Json.factory());
    }
}

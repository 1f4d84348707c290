package io.drover;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
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

    /** For Spring's and Camel's JSON what {@link io.drover.tool.Json} does for ours. */
    @Bean
    Jackson2ObjectMapperBuilderCustomizer jsonBuffers() {
        return builder -> builder.factory(JsonFactory.builder()
                .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
                .build());
    }
}

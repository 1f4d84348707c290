package io.drover;

import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What comes in from outside: the time. */
@Configuration(proxyBeanMethods = false)
class DroverConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }
}

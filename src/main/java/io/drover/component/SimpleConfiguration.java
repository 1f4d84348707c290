package io.drover.component;

import io.drover.route.check.FlagLanguage;
import org.apache.camel.spi.Language;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The Simple language of routes: Camel asks its registry for a language before it makes its own. */
@Configuration(proxyBeanMethods = false)
class SimpleConfiguration {

    @Bean
    Language simple() {
        return new FlagLanguage();
    }

    /** The same, under the name by which Camel looks for it where it evaluates the name of a file. */
    @Bean
    Language file() {
        return new FlagLanguage();
    }
}

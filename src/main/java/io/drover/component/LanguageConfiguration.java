package io.drover.component;

import io.drover.route.check.FlagLanguage;
import org.apache.camel.spi.Language;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The languages of routes that are not Camel's own: it asks its registry for a language before it makes one. */
@Configuration(proxyBeanMethods = false)
class LanguageConfiguration {

    @Bean
    Language simple() {
        return new FlagLanguage();
    }

    @Bean
    Language jsonpath() {
        return new StrictJsonPath();
    }

    /** The Simple language, under the name by which Camel looks for it where it evaluates the name of a file. */
    @Bean
    Language file() {
        return new FlagLanguage();
    }
}

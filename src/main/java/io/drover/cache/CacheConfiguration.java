package io.drover.cache;

import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.data.redis.LettuceClientOptionsBuilderCustomizer;
import org.springframework.boot.autoconfigure.data.redis.RedisAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.core.StringRedisTemplate;

/** Redis where {@code spring.data.redis.*} names one, else this process. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CacheProperties.class)
class CacheConfiguration {

    @Configuration(proxyBeanMethods = false)
    @Conditional(RedisIsNamed.class)
    @Import(RedisAutoConfiguration.class) // not on its own: it would look for a Redis on localhost
    static class InRedis {

        @Bean
        ResultCache resultCache(StringRedisTemplate redis) {
            return new RedisResultCache(redis);
        }

        /** A call must not wait for a Redis that is away. */
        @Bean
        LettuceClientOptionsBuilderCustomizer refusesWhileDisconnected() {
            return options -> options.disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS);
        }
    }

    @Bean
    @ConditionalOnMissingBean
    ResultCache localResultCache(CacheProperties properties) {
        return new LocalResultCache(properties.maxSize().toBytes());
    }

    static class RedisIsNamed extends AnyNestedCondition {

        RedisIsNamed() {
            super(ConfigurationPhase.REGISTER_BEAN);
        }

        @ConditionalOnProperty("spring.data.redis.url")
        static class ByUrl {}

        @ConditionalOnProperty("spring.data.redis.host")
        static class ByHost {}

        @ConditionalOnProperty("spring.data.redis.cluster.nodes")
        static class ByCluster {}

        @ConditionalOnProperty("spring.data.redis.sentinel.nodes")
        static class BySentinel {}
    }
}

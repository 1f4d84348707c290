package io.drover.flag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.FeatureProvider;
import dev.openfeature.sdk.NoOpProvider;
import dev.openfeature.sdk.providers.memory.InMemoryProvider;
import io.drover.Quick;
import io.drover.flag.FlagProperties.Provider;
import io.drover.start.RefusedToStartException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

/** Who provides flags when a process starts. */
@Quick
class FlagsStartTest {

    private final FlagsInForce inForce = new FlagsInForce();

    private Flags flags(Provider provider, FeatureProvider... beans) {
        StaticListableBeanFactory factory = new StaticListableBeanFactory();
        for (FeatureProvider bean : beans) {
            factory.addBean("bean" + factory.getBeanDefinitionCount(), bean);
        }
        return new Flags(
                inForce,
                new FlagProperties(provider, Duration.ofMillis(50)),
                factory.getBeanProvider(FeatureProvider.class));
    }

    @Test
    void theFileIsAskedOnceItHasBeenRead() {
        Flags flags = flags(Provider.FILE);
        try {
            assertThat(flags.missing()).isEqualTo("the flags have not been read yet");
            inForce.unusable("broken");
            assertThat(flags.missing()).isEqualTo("broken");
            inForce.put(FlagSet.NONE);
            assertThat(flags.missing()).isNull();
            assertThat(flags.resolve("new-model", "k", Map.of()))
                    .isEqualTo(new Resolution(null, null, "ERROR", "no flag of this name is defined"));
        } finally {
            flags.destroy();
        }
    }

    @Test
    void aBeanAndTheSettingBelongTogether() {
        FeatureProvider bean = new NoOpProvider();
        assertThatThrownBy(() -> flags(Provider.FILE, bean))
                .isInstanceOf(RefusedToStartException.class)
                .hasMessageContaining("NoOpProvider")
                .hasMessageContaining("set it to bean");
        assertThatThrownBy(() -> flags(Provider.BEAN))
                .isInstanceOf(RefusedToStartException.class)
                .hasMessageContaining("there are 0 beans");
        assertThatThrownBy(() -> flags(Provider.BEAN, bean, new NoOpProvider()))
                .hasMessageContaining("there are 2 beans");
    }

    /** A default would be recorded for every task of the first seconds. */
    @Test
    void noFlagIsAskedBeforeTheBeanIsReady() {
        CountDownLatch connected = new CountDownLatch(1);
        Flags flags = flags(Provider.BEAN, new InMemoryProvider(Map.of()) {
            @Override
            public void initialize(EvaluationContext context) throws Exception {
                connected.await();
                super.initialize(context);
            }
        });
        try {
            assertThat(flags.missing()).contains("until the provider of flags is ready");
            connected.countDown();
            await().until(() -> flags.missing() == null);
            assertThat(flags.resolve("new-model", "k", Map.of()).problem()).contains("new-model");
        } finally {
            connected.countDown();
            flags.destroy();
        }
    }
}

package io.drover;

import io.drover.agent.AgentListener;
import io.drover.egress.EgressListener;
import io.drover.guard.ToolCallListener;
import io.drover.guard.ToolRegistry;
import io.drover.hold.HoldsInForce;
import io.drover.intake.DeadLetterListener;
import io.drover.jobs.JobListener;
import io.drover.journal.CommitListener;
import io.drover.model.ModelListener;
import io.drover.task.Backlog;
import io.drover.task.TaskListener;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Adds two listeners of each kind to a context of Spring: one that throws at every call, an exception and an Error by
 * turns, and behind it one that keeps what it hears.
 */
public class OtherListeners implements ImportBeanDefinitionRegistrar {

    private static final List<Class<?>> KINDS = List.of(
            AgentListener.class,
            Backlog.Listener.class,
            CommitListener.class,
            DeadLetterListener.class,
            EgressListener.class,
            JobListener.class,
            ModelListener.class,
            TaskListener.class,
            ToolCallListener.class,
            HoldsInForce.Listener.class,
            ToolRegistry.Listener.class);

    /** What those that throw nothing heard: "AgentListener.answered" and so on. */
    public record Heard(Set<String> calls) {}

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        Heard heard = new Heard(new ConcurrentSkipListSet<>());
        register(registry, Heard.class, "heard", heard);
        for (Class<?> kind : KINDS) {
            AtomicInteger calls = new AtomicInteger();
            register(registry, kind, kind.getName() + "-throws", listener(kind, method -> {
                if (calls.getAndIncrement() % 2 == 0) {
                    throw new IllegalStateException("thrown by the test's listener");
                }
                throw new StackOverflowError("thrown by the test's listener");
            }));
            register(registry, kind, kind.getName() + "-hears", listener(kind, method -> heard.calls()
                    .add(kind.getName().replaceAll(".*[.]", "") + "." + method.getName())));
        }
    }

    private interface Hearing {
        void of(Method method);
    }

    private static Object listener(Class<?> kind, Hearing hearing) {
        InvocationHandler handler = (self, method, arguments) -> {
            if (method.getDeclaringClass() == Object.class) {
                return method.invoke(hearing, arguments);
            }
            hearing.of(method);
            return null;
        };
        return Proxy.newProxyInstance(kind.getClassLoader(), new Class<?>[] {kind}, handler);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static void register(BeanDefinitionRegistry registry, Class<?> type, String name, Object bean) {
        registry.registerBeanDefinition(name, new RootBeanDefinition((Class) type, () -> bean));
    }
}

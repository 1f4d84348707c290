package io.drover.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/**
 * A mail server (GreenMail) and a broker of JMS (ActiveMQ) that are on no class path: their classes would be found by Spring
 * Boot, and by tests of what is missing.
 */
final class ForeignServers implements AutoCloseable {

    private final URLClassLoader loader;
    private @Nullable Object mail;
    private @Nullable Object broker;

    ForeignServers(Path jars) {
        loader = new URLClassLoader(urls(jars), ForeignServers.class.getClassLoader());
    }

    int smtpPort() {
        if (mail == null) {
            Object setup = of("com.icegreen.greenmail.util.ServerSetup", 0, "127.0.0.1", "smtp");
            mail = of("com.icegreen.greenmail.util.GreenMail", setup);
            call(mail, "start");
            call(mail, "setUser", "shop", "mail-password");
        }
        return (int) call(call(mail, "getSmtp"), "getPort");
    }

    String brokerUrl() {
        if (broker == null) {
            broker = of("org.apache.activemq.broker.BrokerService");
            call(broker, "setPersistent", false);
            call(broker, "setUseJmx", false);
            call(broker, "setUseShutdownHook", false);
            call(broker, "addConnector", "tcp://127.0.0.1:0");
            call(broker, "start");
            call(broker, "waitUntilStarted");
        }
        Object connector = ((List<?>) call(broker, "getTransportConnectors")).getFirst();
        return (String) call(connector, "getPublishableConnectString");
    }

    /** Of the mails that came. */
    List<String> subjects() {
        List<String> subjects = new ArrayList<>();
        for (Object message : (Object[]) call(mail, "getReceivedMessages")) {
            subjects.add((String) call(message, "getSubject"));
        }
        return subjects;
    }

    private Object of(String type, Object... arguments) {
        return inItsLoader(() -> {
            for (var constructor : loader.loadClass(type).getConstructors()) {
                if (fits(constructor.getParameterTypes(), arguments)) {
                    return constructor.newInstance(arguments);
                }
            }
            throw new NoSuchMethodException(type);
        });
    }

    private Object call(Object target, String method, Object... arguments) {
        return inItsLoader(() -> {
            for (var one : target.getClass().getMethods()) {
                if (one.getName().equals(method) && fits(one.getParameterTypes(), arguments)) {
                    return one.invoke(target, arguments);
                }
            }
            throw new NoSuchMethodException(method);
        });
    }

    private static boolean fits(Class<?>[] types, Object... arguments) {
        if (types.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < types.length; i++) {
            if (!ClassUtils.isAssignableValue(types[i], arguments[i])) {
                return false;
            }
        }
        return true;
    }

    private interface Reflection {
        Object get() throws ReflectiveOperationException;
    }

    private Object inItsLoader(Reflection work) {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(loader);
        try {
            return work.get();
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private static URL[] urls(Path directory) {
        if (!Files.isDirectory(directory)) {
            return new URL[0];
        }
        try (Stream<Path> jars = Files.list(directory)) {
            return jars.map(ForeignServers::url).toArray(URL[]::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (mail != null) {
            call(mail, "stop");
        }
        if (broker != null) {
            call(broker, "stop");
        }
    }
}

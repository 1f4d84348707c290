package io.drover.command;

import java.lang.reflect.Constructor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The command line of one command that asks a running instance.
 * Such a command takes as long as its classes take to load, so the other commands, and Spring with them, are left out.
 */
final class ClientCommand {

    private ClientCommand() {}

    /** @return null if the words begin with no such command */
    static @Nullable CommandLine of(String... words) {
        if (words.length == 0) {
            return null;
        }
        for (Class<?> command : DroverCommand.class.getAnnotation(Command.class).subcommands()) {
            if (asksAnInstance(command)
                    && command.getAnnotation(Command.class).name().equals(words[0])) {
                IFactory factory = new Factory();
                CommandSpec drover = CommandSpec.create().name("drover");
                return Converters.on(new CommandLine(drover, factory).addSubcommand(new CommandLine(command, factory)));
            }
        }
        return null;
    }

    private static boolean asksAnInstance(Class<?> command) {
        Class<?>[] parts = command.getAnnotation(Command.class).subcommands();
        return RemoteCommand.class.isAssignableFrom(command)
                || parts.length > 0 && Arrays.stream(parts).allMatch(RemoteCommand.class::isAssignableFrom);
    }

    /** Picocli's own looks for Groovy, which means in every jar. */
    private static final class Factory implements IFactory {

        @Override
        public <K> K create(Class<K> type) throws Exception {
            if (type.isInterface()) {
                return CommandLine.defaultFactory().create(type);
            }
            Constructor<K> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        }
    }
}

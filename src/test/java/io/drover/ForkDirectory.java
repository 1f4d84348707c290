package io.drover;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory below {@code target} that no other JVM of the same test run writes to: the tests run in several at a time. */
public final class ForkDirectory {

    /** By Surefire's number of this JVM, from 1; it is 0 in an IDE, and in Maven itself. */
    private static final String FORK = System.getProperty("drover.fork", "fork-0");

    private ForkDirectory() {}

    /** Makes the directory of this name, relative to the project. */
    public static Path of(String name) {
        try {
            return Files.createDirectories(Path.of("target", FORK, name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.drover;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The client's end of a connection to a server of this machine, as the kernel knows it:
 * a test waits for what has arrived there, instead of for a time.
 *
 * @param isOpen    neither side has closed it
 * @param hasUnread bytes arrived that the client has not read
 */
public record ClientSocket(boolean isOpen, boolean hasUnread) {

    private static final String ESTABLISHED = "01";

    static Stream<ClientSocket> to(int port) {
        String remote = ":%04X".formatted(port);
        return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
                .map(Path::of)
                .filter(Files::exists)
                .flatMap(ClientSocket::lines)
                .map(line -> line.strip().split("\\s+"))
                .filter(columns -> columns.length > 4 && columns[2].endsWith(remote))
                .map(columns -> new ClientSocket(
                        columns[3].equals(ESTABLISHED),
                        Long.parseLong(columns[4].substring(columns[4].indexOf(':') + 1), 16) > 0));
    }

    private static Stream<String> lines(Path table) {
        try {
            return Files.readAllLines(table).stream().skip(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

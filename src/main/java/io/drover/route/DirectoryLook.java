package io.drover.route;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the files of a directory look like from outside, at an instant.
 * While they look the same, none of them has to be read again.
 */
record DirectoryLook(Map<Path, Stamp> files, Instant at) {

    /** In seconds. A file that was just written can be written once more and still look the same. */
    private static final int TOO_FRESH = 2;

    /** @param file which one it is, or null where the file system does not say */
    record Stamp(@Nullable Object file, FileTime modified, long size) {}

    /** @return null when a part of it cannot be seen */
    static @Nullable DirectoryLook at(Path directory) {
        Instant now = Instant.now();
        Map<Path, Stamp> files = new HashMap<>();
        try {
            Files.walkFileTree(
                    directory, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes seen) {
                            files.put(file, new Stamp(seen.fileKey(), seen.lastModifiedTime(), seen.size()));
                            return FileVisitResult.CONTINUE;
                        }
                    });
            return new DirectoryLook(files, now);
        } catch (IOException e) { // whoever reads the files says so
            return null;
        }
    }

    /** Whether nothing has changed since an earlier look. */
    boolean isAs(DirectoryLook before) {
        Instant settled = before.at.minusSeconds(TOO_FRESH);
        return files.equals(before.files)
                && files.values().stream()
                        .allMatch(stamp -> stamp.modified().toInstant().isBefore(settled));
    }
}

package io.drover.deploy;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.Handle;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;

/**
 * The SQL that compiled classes hold: in constants, with what the class puts into them when it is loaded, and in their methods. What
 * is put in when a statement is sent, is taken for true, or for a status.
 */
final class SentSql {

    /** More than a word, so that a text that only begins like SQL is none. */
    private static final Pattern SQL = Pattern.compile(
            """
            (?sx) \\s* (?: select \\s [^']* (?:\\(|,|\\bfrom\\b|\\bis\\b)
                       | insert \\s+ into \\s
                       | update \\s+ \\w+ \\s (?: \\w+ \\s+)? set \\s
                       | delete \\s+ from \\s
                       | with \\s+ (?: recursive \\s+)? \\w+ (?: \\([^)]*\\))? \\s+ as \\s ) .*
            """);

    private SentSql() {}

    /** The statements by a name that says where each stands. */
    static Map<String, String> of(Path classes) {
        Map<String, String> statements = new TreeMap<>();
        try (Loader loader = new Loader(classes);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".class")).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                if (usesADatabase(bytes)) {
                    String name = classes.relativize(file)
                            .toString()
                            .replace(".class", "")
                            .replace('/', '.');
                    Map<String, String> constants = constants(loader.loadClass(name));
                    constants.forEach((field, sql) -> statements.put(name + "." + field, sql));
                    literals(bytes).stream()
                            .filter(sql -> !isPartOf(sql, constants.values()))
                            .forEach(sql -> statements.put(name + ": " + start(sql), sent(sql)));
                }
            }
        } catch (IOException | ReflectiveOperationException e) {
            throw new IllegalStateException("the SQL of %s cannot be read".formatted(classes), e);
        }
        return statements;
    }

    private static boolean usesADatabase(byte[] bytes) {
        String content = new String(bytes, StandardCharsets.ISO_8859_1);
        return content.contains("org/springframework/jdbc/") || content.contains("java/sql/");
    }

    private static Map<String, String> constants(Class<?> type) throws ReflectiveOperationException {
        Map<String, String> constants = new TreeMap<>();
        for (Field field : type.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == String.class) {
                field.setAccessible(true);
                String value = (String) field.get(null);
                if (value != null && SQL.matcher(value).matches()) {
                    constants.put(field.getName(), value);
                }
            }
        }
        List<String> all = List.copyOf(constants.values());
        constants.values().removeIf(value -> all.stream().anyMatch(other -> isMadeOf(other, value)));
        constants.replaceAll((field, value) -> sent(value));
        return constants;
    }

    /** A template is the beginning of the constant that was made of it. */
    private static boolean isMadeOf(String constant, String template) {
        return template.contains("%")
                && !constant.equals(template)
                && constant.startsWith(template.replaceFirst("(?s)%.*", ""));
    }

    private static boolean isPartOf(String literal, Collection<String> constants) {
        return constants.stream().anyMatch(constant -> constant.equals(literal) || isMadeOf(constant, literal));
    }

    private static String sent(String sql) {
        return sql.replace("'%s'", "'QUEUED'").replace("%s", "true").replace("%%", "%");
    }

    private static String start(String sql) {
        String line = sql.strip().replaceAll("\\s+", " ");
        return line.substring(0, Math.min(70, line.length()));
    }

    private static Collection<String> literals(byte[] bytes) {
        Collection<String> literals = new TreeSet<>();
        new ClassReader(bytes).accept(new Literals(literals), ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return literals.stream().filter(text -> SQL.matcher(text).matches()).toList();
    }

    private static final class Literals extends ClassVisitor {

        private final Collection<String> found;

        private Literals(Collection<String> found) {
            super(Opcodes.ASM9);
            this.found = found;
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String type, String signature, String[] exceptions) {
            return new MethodVisitor(Opcodes.ASM9) {
                @Override
                public void visitLdcInsn(Object value) {
                    add(value);
                }

                @Override
                public void visitInvokeDynamicInsn(String method, String type, Handle handle, Object... arguments) {
                    List.of(arguments).forEach(Literals.this::add);
                }
            };
        }

        private void add(Object value) {
            if (value instanceof String text) {
                found.add(text);
            }
        }
    }

    /** Loads these classes, also where this version has classes of the same names. */
    private static final class Loader extends URLClassLoader {

        private Loader(Path classes) throws IOException {
            super(new URL[] {classes.toUri().toURL()}, SentSql.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded == null
                        && name.startsWith("io.drover.")
                        && findResource(name.replace('.', '/') + ".class") != null) {
                    loaded = findClass(name);
                }
                return loaded == null ? super.loadClass(name, resolve) : loaded;
            }
        }
    }
}

package io.jenkins.plugins.obuilder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The doubles of the Jenkins API, which the ordinary build compiles against, are what the real classes are: member by member. */
class DoublesTest {
    private static final Path SOURCES = Path.of("src/jenkins-api/java");

    @TempDir
    static Path classes;

    private static URLClassLoader doubles;

    /** Compiled apart, and loaded by a class loader that looks for the names of doubles among them alone. */
    @BeforeAll
    static void compile() throws Exception {
        List<String> arguments = new ArrayList<>(
                List.of("-proc:none", "-nowarn", "-d", classes.toString(), "-cp", System.getProperty("java.class.path")));
        arguments.addAll(List.of("-implicit:none", "-sourcepath", SOURCES.toString(), "-Xlint:none"));
        sources().forEach(source -> arguments.add(source.toString()));
        int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertEquals(0, status, "the doubles compile");
        Set<String> names = names();
        doubles = new URLClassLoader(new URL[] {classes.toUri().toURL()}, DoublesTest.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                synchronized (getClassLoadingLock(name)) {
                    if (names.contains(name.replaceFirst("\\$.*", ""))) {
                        Class<?> loaded = findLoadedClass(name);
                        return loaded == null ? findClass(name) : loaded;
                    }
                    return super.loadClass(name, resolve);
                }
            }
        };
    }

    @AfterAll
    static void close() throws Exception {
        doubles.close();
    }

    private static List<Path> sources() throws Exception {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
        }
    }

    private static Set<String> names() throws Exception {
        return sources().stream()
                .map(file -> SOURCES.relativize(file).toString().replaceFirst("\\.java$", "").replace('/', '.'))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @TestFactory
    List<DynamicTest> everyDoubleIsAsTheRealClass() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        for (String name : names()) {
            tests.add(DynamicTest.dynamicTest(name, () -> {
                List<String> differences = new ArrayList<>();
                compare(doubles.loadClass(name), differences);
                assertTrue(differences.isEmpty(), String.join("\n", differences));
            }));
        }
        assertTrue(tests.size() > 80, "all of them: " + tests.size());
        return tests;
    }

    private static void compare(Class<?> made, List<String> differences) throws Exception {
        Class<?> real = Class.forName(made.getName(), false, DoublesTest.class.getClassLoader());
        same(made.getName() + " kind", kind(made), kind(real), differences);
        if (made.getSuperclass() != null
                && !superclasses(real).contains(made.getSuperclass().getName())) {
            differences.add(made.getName() + " is no " + made.getSuperclass().getName());
        }
        for (Class<?> type : made.getInterfaces()) {
            if (!allInterfaces(real).contains(type.getName())) {
                differences.add(made.getName() + " is no " + type.getName());
            }
        }
        for (Field field : made.getDeclaredFields()) {
            if (isApi(field)) {
                compareField(field, real, differences);
            }
        }
        for (Constructor<?> constructor : made.getDeclaredConstructors()) {
            // A class without a constructor has one: whether the real class has it too, the official compilation tells.
            if (isApi(constructor) && constructor.getParameterCount() > 0) {
                compareExecutable(constructor, constructor(real, constructor), differences);
            }
        }
        for (Method method : made.getDeclaredMethods()) {
            if (isApi(method) && !method.isBridge()) {
                Method other = method(real, method);
                compareExecutable(method, other, differences);
                if (other != null) {
                    same(
                            method + " type",
                            method.getReturnType().getName(),
                            other.getReturnType().getName(),
                            differences);
                }
            }
        }
        for (Class<?> inner : made.getDeclaredClasses()) {
            if (!Modifier.isPrivate(inner.getModifiers())) {
                compare(inner, differences);
            }
        }
    }

    private static boolean isApi(Member member) {
        return !member.isSynthetic()
                && (Modifier.isPublic(member.getModifiers()) || Modifier.isProtected(member.getModifiers()));
    }

    private static void compareField(Field field, Class<?> real, List<String> differences) {
        try {
            Field other = real.getDeclaredField(field.getName());
            same(field + " type", field.getType().getName(), other.getType().getName(), differences);
            same(
                    field + " modifiers",
                    Modifier.toString(field.getModifiers()),
                    Modifier.toString(other.getModifiers()),
                    differences);
        } catch (NoSuchFieldException e) {
            differences.add("there is no " + field);
        }
    }

    private static void compareExecutable(Executable made, Executable real, List<String> differences) {
        if (real == null) {
            differences.add("there is no " + made);
            return;
        }
        int relevant = Modifier.PUBLIC | Modifier.PROTECTED | Modifier.STATIC | Modifier.ABSTRACT | Modifier.FINAL;
        same(
                made + " modifiers",
                Modifier.toString(made.getModifiers() & relevant),
                Modifier.toString(real.getModifiers() & relevant),
                differences);
        same(made + " throws", thrown(made), thrown(real), differences);
    }

    /** Checked ones: those that a caller must know. */
    private static Set<String> thrown(Executable executable) {
        return Arrays.stream(executable.getExceptionTypes())
                .filter(type -> !RuntimeException.class.isAssignableFrom(type))
                .map(Class::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> parameters(Executable executable) {
        return Arrays.stream(executable.getParameterTypes()).map(Class::getName).toList();
    }

    private static Constructor<?> constructor(Class<?> real, Constructor<?> wanted) {
        return Arrays.stream(real.getDeclaredConstructors())
                .filter(one -> parameters(one).equals(parameters(wanted)))
                .findFirst()
                .orElse(null);
    }

    /** Declared by the class itself or by what it extends. */
    private static Method method(Class<?> real, Method wanted) {
        for (Class<?> type = real; type != null; type = type.getSuperclass()) {
            Method found = declared(type, wanted);
            if (found != null) {
                return found;
            }
        }
        return Arrays.stream(real.getMethods())
                .filter(one -> matches(one, wanted))
                .findFirst()
                .orElse(null);
    }

    private static Method declared(Class<?> type, Method wanted) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(one -> matches(one, wanted))
                .findFirst()
                .orElse(null);
    }

    private static boolean matches(Method one, Method wanted) {
        return one.getName().equals(wanted.getName())
                && parameters(one).equals(parameters(wanted))
                && one.getReturnType().getName().equals(wanted.getReturnType().getName());
    }

    private static String kind(Class<?> type) {
        if (type.isAnnotation()) {
            return "annotation";
        }
        if (type.isInterface()) {
            return "interface";
        }
        return Modifier.isAbstract(type.getModifiers()) ? "abstract class" : "class";
    }

    private static Set<String> superclasses(Class<?> type) {
        Set<String> names = new TreeSet<>();
        for (Class<?> above = type.getSuperclass(); above != null; above = above.getSuperclass()) {
            names.add(above.getName());
        }
        return names;
    }

    private static Set<String> allInterfaces(Class<?> type) {
        Set<String> names = new TreeSet<>();
        for (Class<?> above = type; above != null; above = above.getSuperclass()) {
            addInterfaces(above, names);
        }
        return names;
    }

    private static void addInterfaces(Class<?> type, Set<String> names) {
        for (Class<?> one : type.getInterfaces()) {
            names.add(one.getName());
            addInterfaces(one, names);
        }
    }

    private static void same(String what, Object made, Object real, List<String> differences) {
        if (!made.equals(real)) {
            differences.add(what + ": " + made + ", really " + real);
        }
    }
}

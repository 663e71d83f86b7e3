/*
 * Preloaded into the kernel's conf: answers its popen() from a file instead of starting a shell.
 * KINFUZZ_MEMO names the file. Records are "<command bytes> <answer bytes>\n<command><answer>".
 * With KINFUZZ_MEMO_RECORD set, commands run for real and their answers are appended.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct answer {
	struct answer *next;
	char *command, *text;
	size_t length;
};

static struct answer *answers[4096];

static unsigned slot(const char *command)
{
	unsigned hash = 2166136261u;

	while (*command)
		hash = (hash ^ (unsigned char)*command++) * 16777619u;
	return hash % 4096;
}

static char *take(FILE *file, size_t length)
{
	char *text = calloc(1, length + 1);

	if (!text || fread(text, 1, length, file) != length)
		exit(99);
	return text;
}

__attribute__((constructor)) static void load(void)
{
	FILE *file = fopen(getenv("KINFUZZ_MEMO"), "r");
	size_t command, text;

	unsetenv("LD_PRELOAD");
	while (file && fscanf(file, "%zu %zu", &command, &text) == 2) {
		struct answer *answer = calloc(1, sizeof(*answer));

		fgetc(file);
		answer->command = take(file, command);
		answer->text = take(file, text);
		answer->length = text;
		answer->next = answers[slot(answer->command)];
		answers[slot(answer->command)] = answer;
	}
	if (file)
		fclose(file);
}

static void record(const char *command, const char *text, size_t length)
{
	FILE *file = fopen(getenv("KINFUZZ_MEMO"), "a");

	fprintf(file, "%zu %zu\n%s", strlen(command), length, command);
	fwrite(text, 1, length, file);
	fclose(file);
}

FILE *popen(const char *command, const char *mode)
{
	FILE *(*start)(const char *, const char *) = dlsym(RTLD_NEXT, "popen");
	int (*stop)(FILE *) = dlsym(RTLD_NEXT, "pclose");
	struct answer *answer = answers[slot(command)];
	static char text[65536];
	size_t length;
	FILE *pipe;

	while (answer && strcmp(answer->command, command))
		answer = answer->next;
	if (answer)
		return answer->length ? fmemopen(answer->text, answer->length, "r") : fopen("/dev/null", "r");
	if (!getenv("KINFUZZ_MEMO_RECORD")) {
		fprintf(stderr, "no recorded answer for: %s\n", command);
		exit(99);
	}
	pipe = start(command, mode);
	length = fread(text, 1, sizeof(text), pipe);
	stop(pipe);
	record(command, text, length);
	return length ? fmemopen(text, length, "r") : fopen("/dev/null", "r");
}

int pclose(FILE *pipe)
{
	return fclose(pipe);
}

@echo off
rem Adds a mail account to The Bat!. Written to the vendor's help text, not tested against The Bat! itself.
rem It cannot set ports, encryption or the password: do that next, from the text file of the same name.
setlocal DisableDelayedExpansion
set "TB="
for /f "tokens=3,*" %%A in ('reg query "HKCU\Software\RIT\The Bat!" /v "EXE path" 2^>nul ^| find "REG_SZ"') do set "TB=%%B"
if defined TB if not exist "%TB%" set "TB="
if not defined TB if exist "%ProgramFiles%\The Bat!\thebat64.exe" set "TB=%ProgramFiles%\The Bat!\thebat64.exe"
if not defined TB if exist "%ProgramFiles(x86)%\The Bat!\thebat32.exe" set "TB=%ProgramFiles(x86)%\The Bat!\thebat32.exe"
if not defined TB (echo The Bat! was not found.& pause& exit /b 1)
echo Next, before fetching mail: set ports and encryption as in "%~n0.txt"
"%TB%" /ADDUser=^"finn@example.com^";InServer=^"imap.example.org^";OutServer=^"smtp.example.org^";InUser=^"finn@example.com^";IMAP;FromAddr=^"finn@example.com^"

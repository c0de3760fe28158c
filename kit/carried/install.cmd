@echo off
rem Installs eSafety for the person who runs it. No network, no administrator: a double click is enough.
setlocal
pushd "%~dp0"
set "run=py -@PYTHON@"
if exist "python\python.exe" set "run=python\python.exe"
rem What compares every file is compared first: damaged, it could not say so.
%run% -I -B -c "import hashlib, sys; own = hashlib.sha256(open('install.py', 'rb').read()).hexdigest() + '  install.py'; sys.exit(0 if own in open('checksums.txt', encoding='ascii', errors='replace').read().splitlines() else 3)" 2>nul
if "%errorlevel%"=="3" goto damaged
%run% -I -B install.py %*
set "ended=%errorlevel%"
goto end
:damaged
echo THIS KIT IS DAMAGED: install.py or checksums.txt is not as it was made.
echo Copy the whole kit again from where it came from, or have it made again.
set "ended=1"
:end
popd
if not "%ended%"=="0" echo Nothing was installed, or not all of it. What to do stands above.
if "%~1"=="" pause
exit /b %ended%

@echo off
rem Installs eSafety for the person who runs it. No network, no administrator: a double click is enough.
setlocal
pushd "%~dp0"
if exist "python\python.exe" (
    "python\python.exe" -I -B install.py %*
) else (
    py -@PYTHON@ -I -B install.py %*
)
set "ended=%errorlevel%"
popd
if not "%ended%"=="0" echo Nothing was installed, or not all of it. What to do stands above.
if "%~1"=="" pause
exit /b %ended%
